/** Every sentence the page says, in German. */

import { counted, megabytes, probabilityFormat } from './common.js';

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
  unsupported:
    'Dieser Browser bietet Seiten keine Kamera an. Nehmen Sie einen anderen, oder prüfen Sie ein Foto.',
  denied:
    'Die Kamera ist nicht erlaubt. Erlauben Sie sie für diese Seite in der Adresszeile oder den ' +
    'Einstellungen des Browsers, und drücken Sie „Kamera starten“.',
  none:
    'Es wurde keine Kamera gefunden. Schließen Sie eine an und starten Sie sie, oder prüfen Sie ein ' +
    'Foto.',
  busy:
    'Die Kamera liefert kein Bild. Vielleicht benutzt ein anderes Programm sie. Schließen Sie es, ' +
    'und starten Sie die Kamera noch einmal.',
  unsuitable:
    'Die Kamera bietet kein passendes Bild. Nehmen Sie eine andere, oder prüfen Sie ein Foto.',
  lost:
    'Die Kamera wurde getrennt. Sobald sie wieder angeschlossen ist, geht es weiter; wenn nicht, ' +
    'drücken Sie „Kamera starten“.',
  withdrawn:
    'Die Kamera ist nicht mehr erlaubt. Erlauben Sie sie wieder, und drücken Sie „Kamera starten“.',
  other:
    'Die Kamera ließ sich nicht starten. Versuchen Sie es noch einmal, oder prüfen Sie ein Foto.',
};

const photo = {
  title: 'Mit einem Foto',
  chooseMany: 'Wählen Sie Fotos, oder ziehen Sie sie irgendwo auf diese Seite',
  here: 'Sie werden hier im Browser beurteilt und verlassen Ihr Gerät nicht.',
  drop: 'Lassen Sie die Fotos los, um sie zu prüfen',
  results: 'Ihre Fotos',
  close: 'Schließen',
  waiting: 'Wartet …',
  unreadable: 'Diese Datei ist kein Bild, das Ihr Browser lesen kann.',
  memory: 'Dieses Foto ist zu groß für den Speicher dieses Geräts.',
  server: 'An den Server senden',
  serverHint: 'Der Server prüft das Foto und bewahrt es nicht auf.',
  unreachable: 'Der Server ist nicht zu erreichen.',
  /** @type {Record<number, string>} */
  refused: {
    400: 'Diese Datei ist leer.',
    408: 'Das Foto war zu lange unterwegs zum Server. Versuchen Sie es noch einmal.',
    413: 'Dieses Foto ist zu groß für den Server.',
    415: 'Der Server liest Bilder als JPEG, PNG oder WebP; diese Datei ist keines davon.',
    422: 'Der Server kann dieses Bild nicht lesen: Es ist beschädigt oder abgeschnitten.',
    500: 'Der Server konnte dieses Foto nicht beurteilen. Versuchen Sie es noch einmal.',
    503: 'Der Server hat gerade zu viel zu tun. Versuchen Sie es gleich noch einmal.',
  },
  /** @param {string} name */
  alt: (name) => `${name}, mit einem Rahmen um jedes Gesicht`,
  faces: 'Gesichter, nummeriert wie im Bild',
  face: 'Gesicht',
  verdict: 'Urteil',
  sure: 'Wie sicher',
  result: 'Ihr Foto',
  json: 'Urteile als JSON speichern',
  csv: 'Als CSV speichern',
  kept: 'Im Arbeitsspeicher des Servers beurteilt und nicht aufbewahrt.',
  problem: 'Das hat nicht geklappt',
};

const elsewhere =
  `Fotos kann noch der Server prüfen: Wählen Sie eines, und drücken Sie „${photo.server}“.`;

/** @type {Texts} */
export const de = {
  words,
  camera,
  photo,

  insecure: (home) =>
    'Die Kamera braucht eine sichere Adresse. Auf dem Computer, auf dem der Server läuft, öffnen ' +
    `Sie ${home}. Für andere Geräte starten Sie den Server mit „make serve OPTIONS=--https“ und ` +
    'öffnen die https-Adresse, die er ausgibt. Fotos können Sie hier trotzdem prüfen.',

  page: {
    title: 'Maskenerkennung',
    question: 'Sitzt die Maske?',
    lead:
      'Ein Rahmen um jedes Gesicht zeigt es an. Die Bilder Ihrer Webcam werden hier im Browser ' +
      'beurteilt;',
    promise: 'sie verlassen Ihr Gerät nie.',
    caution:
      'Ein Modell kann sich irren. Verlassen Sie sich nicht darauf, wo Gesundheit oder Sicherheit ' +
      'davon abhängen.',
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
    flip: 'Kamera wechseln',
    snapshot: 'Bild speichern',
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

  counts: {
    title: 'Bisher gezählt',
    faces: 'gesehen',
    chart: (minutes) => `Mit Maske, letzte ${minutes} Minuten`,
    share: (share) => (share === null ? 'noch niemand' : `${Math.round(share * 100)}\u00a0%`),
    reset: 'Neu zählen',
  },

  alerts: {
    title: 'Alarme',
    lead:
      'Ein AlertRule beginnt, wenn ein Gesicht ohne Maske oder mit falsch getragener Maske im Bild bleibt.',
    settings: 'Einstellungen',
    wait: 'Beginnt, wenn',
    of: 'der letzten',
    pictures: 'Bilder übereinstimmen',
    coolDown: 'Sekunden Ruhe nach einem AlertRule',
    sound: 'Ton',
    try: 'Testen',
    notification: 'Systembenachrichtigung',
    refused: 'Der Browser erlaubt dieser Seite keine Benachrichtigungen.',
    log: 'Protokoll',
    when: 'Zeit',
    duration: 'Dauer',
    empty: 'Bisher kein AlertRule.',
    kept: 'Wird in diesem Browser aufbewahrt, ohne Bilder.',
    fleeting: 'Bleibt, bis diese Seite geschlossen wird, ohne Bilder: mehr erlaubt der Browser nicht.',
    notKept: 'Der Browser ließ die Seite das Protokoll nicht lesen oder schreiben.',
    notSaved: 'Das Protokoll ließ sich nicht speichern. Versuchen Sie es noch einmal.',
    notCleared: 'Das Protokoll ließ sich nicht leeren. Versuchen Sie es noch einmal.',
    older: (count) => `und ${count} ältere, in der CSV-Datei`,
    download: 'CSV herunterladen',
    clear: 'Leeren',
    clearSure: 'Alles löschen?',
    lasted: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },

  kiosk: {
    nobody: 'Bitte in die Kamera schauen',
    with_mask: 'Die Maske sitzt, willkommen',
    without_mask: 'Bitte setzen Sie eine Maske auf',
    incorrect_mask: 'Bitte Nase und Mund bedecken',
    unsure: 'Einen Moment, bitte',
    too_small: 'Bitte näher kommen',
  },

  status: {
    idle: 'Bereit. Die Kamera ist aus.',
    asking: 'Wartet auf die Kamera',
    prompt: 'Ihr Browser fragt, ob diese Seite die Kamera benutzen darf. Wählen Sie „Zulassen“.',
    begun: 'Lädt',
    loading: (done, total) => `${megabytes(done)} von ${megabytes(total)} MB`.replaceAll('.', ','),
    warming: 'Wird vorbereitet',
    running: 'Läuft',
    held: 'Pause. Die Kamera ist noch an.',
    stalled:
      'Die Kamera ist an, aber es kommt kein neues Bild. Dauert das an, drücken Sie „Stopp“, ' +
      'dann „Kamera starten“.',
    paused: 'Pause, weil diese Seite nicht zu sehen ist.',
    resumed: 'Läuft wieder. Es war Pause, solange diese Seite nicht zu sehen war.',
    stopped: 'Angehalten. Die Kamera ist aus.',
    failed: 'Läuft nicht. Die Kamera ist aus.',
  },

  rate: (rate) => `${Math.round(rate)} Bilder pro Sekunde`,

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

  share: probabilityFormat('\u00a0%'),

  judging: 'Wird beurteilt …',

  model: {
    contract: (field) =>
      `Diese Seite kann den Vertrag des Modells nicht lesen: ${field} ist falsch. Laden Sie die ` +
      'Seite neu.',
    hash: (name, expected, came) =>
      `${name} ist nicht die Datei, die der Vertrag des Modells nennt: erwartet SHA-256 ` +
      `${expected.slice(0, 12)}…, erhalten ${came.slice(0, 12)}…. Laden Sie die Seite neu.`,
    download: (name, came) =>
      `${name} ließ sich nicht laden (${came}). Prüfen Sie die Verbindung, und versuchen Sie es ` +
      'noch einmal.',
    golden: (worst, tolerance) =>
      `Das Modell antwortet auf diesem Gerät falsch: um ${worst.toFixed(4)} daneben bei der Probe, höchstens ` +
      `${tolerance} erwartet. ${elsewhere}`,
    notANumber:
      'Das Modell hat mit etwas geantwortet, das keine Zahl ist. Versuchen Sie es noch einmal.',
    backend:
      'Das Modell startet in diesem Browser nicht. Versuchen Sie es noch einmal, oder ' +
      `aktualisieren Sie den Browser. ${elsewhere}`,
    worker:
      'Der Teil dieser Seite, der Gesichter beurteilt, ließ sich nicht starten. Versuchen Sie es ' +
      'noch einmal.',
    ended:
      'Der Teil dieser Seite, der Gesichter beurteilt, musste beendet werden. Versuchen Sie es noch einmal.',
  },
};
