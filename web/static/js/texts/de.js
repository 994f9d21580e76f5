/** Every sentence the page says, in German. */

import { boxWords, computer, counted, megabytes } from './common.js';

/** @import { Texts } from './en.js' */

/** @type {Record<string, string>} */
const words = {
  with_mask: 'Maske',
  without_mask: 'keine Maske',
  incorrect_mask: 'falsch getragen',
  unsure: 'unsicher',
  too_small: 'zu klein',
};

const camera = {
  insecure:
    'Die Kamera braucht eine sichere Adresse. Öffnen Sie die Seite auf diesem Computer als ' +
    'http://localhost. Für andere Geräte starten Sie den Server mit --https und öffnen die ' +
    'https-Adresse, die er ausgibt. Fotos können Sie trotzdem prüfen.',
  unsupported:
    'Dieser Browser bietet Seiten keine Kamera an. Nehmen Sie einen anderen, oder prüfen Sie ein Foto.',
  denied:
    'Die Kamera ist nicht erlaubt. Erlauben Sie sie für diese Seite in der Adresszeile oder den ' +
    'Einstellungen des Browsers, und drücken Sie wieder Start.',
  none:
    'Es wurde keine Kamera gefunden. Schließen Sie eine an und drücken Sie wieder Start, oder ' +
    'prüfen Sie ein Foto.',
  busy:
    'Die Kamera lässt sich nicht lesen. Vielleicht benutzt sie ein anderes Programm: schließen Sie ' +
    'es, und drücken Sie wieder Start.',
  unsuitable:
    'Die Kamera bietet kein passendes Bild. Nehmen Sie eine andere, oder prüfen Sie ein Foto.',
  lost: 'Die Kamera wurde getrennt. Schließen Sie sie an und drücken Sie wieder Start.',
  withdrawn: 'Die Kamera ist nicht mehr erlaubt. Erlauben Sie sie wieder, und drücken Sie Start.',
  other: 'Die Kamera ist nicht angesprungen. Drücken Sie wieder Start, oder prüfen Sie ein Foto.',
};

/** @type {Texts} */
export const de = {
  words,
  camera,

  page: {
    title: 'Maskenerkennung',
    question: 'Sitzt die Maske?',
    lead:
      'Jedes Gesicht bekommt einen Rahmen, der es sagt. Die Bilder Ihrer Webcam werden hier im ' +
      'Browser beurteilt:',
    promise: 'sie verlassen Ihr Gerät nie.',
    caution:
      'Ein Modell kann irren: verlassen Sie sich nicht darauf, wo Gesundheit oder Sicherheit davon abhängt.',
    model: 'Modell',
    update: 'Eine neue Fassung dieser Seite ist da.',
    reload: 'Übernehmen',
    notNow: 'Jetzt nicht',
  },

  live: {
    title: 'Mit Ihrer Webcam',
    picture: 'Was die Kamera sieht',
    start: 'Kamera starten',
    stop: 'Stopp',
    pause: 'Pause',
    resume: 'Weiter',
    picker: 'Kamera',
    flip: 'Die andere Kamera nehmen',
    snapshot: 'Bild sichern',
    full: 'Vollbild',
    leave: 'Vollbild verlassen',
    mute: 'Alarme stumm schalten',
    camera: (number) => `Kamera ${number}`,
  },

  legend: {
    title: 'Was die Rahmen sagen',
    with_mask: 'Nase, Mund und Kinn sind bedeckt.',
    without_mask: 'Das Gesicht ist unbedeckt.',
    incorrect_mask: 'Nase oder Mund sind zu sehen.',
    or: 'oder',
    unsure: 'Kommen Sie näher, ins Licht.',
  },

  photo: {
    title: 'Mit einem Foto',
    chooseMany: 'Wählen Sie Fotos, oder ziehen Sie sie irgendwo auf diese Seite',
    here: 'Sie werden hier im Browser beurteilt und verlassen Ihr Gerät nicht.',
    drop: 'Lassen Sie die Fotos los, um sie zu prüfen',
    results: 'Ihre Fotos',
    close: 'Schließen',
    waiting: 'Wartet …',
    unreadable: 'Diese Datei ist kein Bild, das Ihr Browser lesen kann.',
    server: 'Auf dem Server genauer ansehen',
    serverHint: 'Findet kleine Gesichter besser. Das Foto geht an diesen Server und wird nicht behalten.',
    unreachable: 'Der Server ist nicht zu erreichen.',
    alt: (name) => `${name}, mit einem Rahmen um jedes Gesicht`,
    faces: 'Gesichter, nummeriert wie im Bild',
    face: 'Gesicht',
    verdict: 'Urteil',
    sure: 'Wie sicher',
    result: 'Ihr Foto',
    kept: 'Das Foto wurde im Speicher des Servers beurteilt und nicht behalten.',
    problem: 'Das hat nicht geklappt',
  },

  counts: {
    title: 'Gezählt seit dem Start',
    faces: 'Gesichter',
    chart: (minutes) => `Mit Maske, letzte ${minutes} Minuten`,
    share: (share) => (share === null ? 'noch niemand' : `${Math.round(share * 100)} %`),
    reset: 'Neu zählen',
  },

  alerts: {
    title: 'Alarme',
    lead:
      'Ein Alarm beginnt, wenn ein Gesicht ohne Maske oder mit falsch getragener Maske im Bild bleibt.',
    settings: 'Einstellungen',
    wait: 'Beginnt, wenn',
    of: 'der letzten',
    pictures: 'Bilder übereinstimmen',
    coolDown: 'Sekunden Ruhe nach einem Alarm',
    sound: 'Ton',
    try: 'Probe',
    notification: 'Systemmeldung',
    refused: 'Der Browser erlaubt dieser Seite keine Meldungen.',
    log: 'Protokoll',
    when: 'Zeit',
    verdict: 'Urteil',
    duration: 'Dauer',
    empty: 'Bisher kein Alarm.',
    kept: 'Liegt in diesem Browser, ohne Bilder.',
    older: (count) => `und ${count} ältere, in der CSV-Datei`,
    download: 'CSV laden',
    clear: 'Leeren',
    clearSure: 'Alles löschen?',
    lasted: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },

  kiosk: {
    nobody: 'Bitte in die Kamera schauen',
    with_mask: 'Maske sitzt, willkommen',
    without_mask: 'Bitte setzen Sie eine Maske auf',
    incorrect_mask: 'Bitte Nase und Mund bedecken',
    unsure: 'Einen Moment, bitte',
    too_small: 'Bitte näher kommen',
  },

  status: {
    idle: 'Bereit. Die Kamera ist aus.',
    asking: 'Wartet auf die Kamera',
    prompt: 'Ihr Browser fragt, ob diese Seite die Kamera benutzen darf: wählen Sie „Zulassen“.',
    begun: 'Lädt',
    loading: (done, total) =>
      `Lädt ${megabytes(done)} von ${megabytes(total)} MB`.replaceAll('.', ','),
    warming: 'Läuft warm',
    running: 'Läuft',
    held: 'Pause. Die Kamera ist noch an.',
    stalled: 'Die Kamera ist an, aber es kommt kein neues Bild.',
    paused: 'Pause, weil diese Seite verdeckt ist.',
    resumed: 'Läuft wieder. Es war Pause, solange die Seite verdeckt war.',
    stopped: 'Angehalten. Die Kamera ist aus.',
    failed: 'Läuft nicht. Die Kamera ist aus.',
  },

  rate: (rate) => `${Math.round(rate)} Bilder pro Sekunde`,

  backend: (name, failed) =>
    failed
      ? `${computer(failed)} hat auf diesem Gerät versagt; ${computer(name)} hat übernommen`
      : `Läuft mit ${computer(name)}`,

  noFace: 'Kein Gesicht im Bild.',
  noFaceOnPhoto: 'Es wurde kein Gesicht gefunden.',
  faces(labels) {
    if (labels.length === 0) return de.noFace;
    if (labels.length === 1) return `1 Gesicht: ${words[labels[0]]}.`;
    return `${labels.length} Gesichter: ${counted(words, labels)}.`;
  },

  warning(labels) {
    if (labels.includes('without_mask')) return 'Jemand im Bild trägt keine Maske.';
    if (labels.includes('incorrect_mask')) return 'Jemand im Bild trägt die Maske falsch.';
    return '';
  },

  box: boxWords(words, ' %'),

  judging: 'Wird beurteilt …',

  model: {
    contract: (field) => `Diese Seite kann den Vertrag des Modells nicht lesen: ${field} ist falsch.`,
    hash: (name, expected, came) =>
      `${name} ist nicht die Datei, die der Vertrag des Modells nennt: erwartet SHA-256 ` +
      `${expected.slice(0, 12)}…, gekommen ${came.slice(0, 12)}…. Laden Sie die Seite neu.`,
    download: (name, came) =>
      `${name} ließ sich nicht laden (${came}). Drücken Sie Start, um es wieder zu versuchen.`,
    golden: (worst, tolerance) =>
      `Das Modell antwortet auf diesem Gerät falsch: um ${worst.toFixed(4)} bei der Probe, höchstens ` +
      `${tolerance} erwartet. Ein Foto können Sie trotzdem hochladen.`,
    notANumber: 'Das Modell hat mit etwas geantwortet, das keine Zahl ist.',
    backend: (reason) =>
      `Das Modell startet in diesem Browser nicht (${reason}). Drücken Sie wieder Start; wenn das ` +
      'nicht hilft, erneuern Sie den Browser, oder laden Sie ein Foto hoch.',
    worker:
      'Der Teil dieser Seite, der Gesichter beurteilt, ist nicht angesprungen. Drücken Sie wieder Start.',
    ended:
      'Der Teil dieser Seite, der Gesichter beurteilt, musste enden. Versuchen Sie es noch einmal.',
  },
};
