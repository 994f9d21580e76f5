/** All texts of the page in German. */

import {
  duration, durationFormat, hours, megabytes, probabilityFormat, summaryFormat, warningFormat,
} from './common.js';

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
    'Dieser Browser gibt Webseiten keinen Zugriff auf die Kamera. Verwenden Sie einen anderen, ' +
    'oder prüfen Sie ein Foto.',
  denied:
    'Der Zugriff auf die Kamera ist blockiert. Erlauben Sie ihn in der Adresszeile oder den ' +
    'Einstellungen des Browsers, und starten Sie die Kamera noch einmal.',
  none:
    'Keine Kamera gefunden. Schließen Sie eine Kamera an, und starten Sie sie, oder prüfen Sie ' +
    'ein Foto.',
  busy:
    'Die Kamera liefert kein Bild. Vielleicht wird sie von einem anderen Programm verwendet: ' +
    'Schließen Sie es, und starten Sie die Kamera noch einmal.',
  unsuitable:
    'Diese Kamera bietet keine passende Auflösung. Verwenden Sie eine andere, oder prüfen Sie ' +
    'ein Foto.',
  lost: 'Die Kamera wurde getrennt. Schließen Sie sie wieder an, um fortzufahren.',
  withdrawn:
    'Der Zugriff auf die Kamera wurde entzogen. Erlauben Sie ihn wieder, und starten Sie die ' +
    'Kamera.',
  other:
    'Die Kamera ließ sich nicht starten. Versuchen Sie es noch einmal, oder prüfen Sie ein Foto.',
};

const photo = {
  title: 'Foto prüfen',
  chooseMany: 'Fotos auswählen',
  dropHere: 'oder auf dieser Seite ablegen oder einfügen',
  show: 'Ergebnisse anzeigen',
  here: 'Fotos werden in Ihrem Browser geprüft und nicht hochgeladen.',
  drop: 'Fotos hier ablegen, um sie zu prüfen',
  samples: 'Oder probieren Sie ein Beispiel:',
  /** @param {number} number */
  sample: (number) => `Beispiel ${number}.jpg`,
  results: 'Ihre Fotos',
  close: 'Schließen',
  waiting: 'Wartet …',
  unreadable: 'Ihr Browser kann diese Datei nicht als Bild lesen.',
  memory: 'Dieses Foto ist zu groß für den Speicher dieses Geräts.',
  server: 'An den Server senden',
  serverHint: 'Der Server prüft das Foto und bewahrt es nicht auf.',
  unreachable: 'Der Server ist nicht erreichbar.',
  /** @type {Record<number, string>} */
  refused: {
    400: 'Diese Datei ist leer.',
    408: 'Das Hochladen hat zu lange gedauert. Versuchen Sie es noch einmal.',
    413: 'Dieses Foto ist zu groß für den Server.',
    415: 'Der Server liest Bilder als JPEG, PNG, WebP, HEIC, AVIF und GIF.',
    422: 'Der Server kann dieses Bild nicht lesen: Es ist beschädigt oder unvollständig.',
    500: 'Der Server konnte dieses Foto nicht prüfen. Versuchen Sie es noch einmal.',
    503: 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
  },
  notChecked: 'Nicht geprüft',
  zoom: 'Vergrößern',
  savePicture: 'Markiertes Bild speichern',
  /** @param {string} name of the file */
  enlarge: (name) => `${name} vergrößern`,
  /** @type {(failed: number, total: number) => string} */
  failed: (failed, total) =>
    failed === 1
      ? `1 von ${total} Fotos konnte nicht geprüft werden.`
      : `${failed} von ${total} Fotos konnten nicht geprüft werden.`,
  /** @param {string} name */
  alt: (name) => `${name}, alle Gesichter markiert`,
  faces: 'Gesichter, nummeriert wie im Bild',
  face: 'Gesicht',
  verdict: 'Ergebnis',
  probability: 'Wahrscheinlichkeit',
  result: 'Ihr Foto',
  json: 'Ergebnisse als JSON speichern',
  csv: 'Ergebnisse als CSV speichern',
  kept: 'Im Arbeitsspeicher des Servers geprüft und nicht aufbewahrt.',
  problem: 'Das hat nicht geklappt',
};

const elsewhere =
  `Fotos kann weiterhin der Server prüfen: Wählen Sie eines aus, und drücken Sie ` +
  `„${photo.server}“.`;

/** @type {Record<string, string>} on a person by label */
const phrases = {
  with_mask: 'mit Maske',
  without_mask: 'ohne Maske',
  incorrect_mask: 'mit falsch getragener Maske',
  unsure: 'mit unsicherem Ergebnis',
  too_small: 'mit zu kleinem Gesicht',
};

const summarize = summaryFormat(phrases, {
  person: 'Person',
  people: 'Personen',
  both: 'beide',
  all: 'alle',
});

/** @type {Texts} */
export const de = {
  words,
  camera,
  photo,

  insecure: (home) =>
    'Die Kamera braucht eine sichere Verbindung. Auf dem Computer, auf dem der Server läuft, ' +
    `öffnen Sie ${home}. Für andere Geräte starten Sie den Server mit „make serve ` +
    'OPTIONS=--https“ und öffnen die https-Adresse, die er ausgibt. Fotos können Sie hier ' +
    'trotzdem prüfen.',

  page: {
    title: 'Maskenerkennung',
    question: 'Sitzt die Maske?',
    lead: 'Jedes Gesicht wird markiert. Das Video wird in Ihrem Browser ausgewertet;',
    promise: 'es verlässt Ihr Gerät nie.',
    caution:
      'Das Modell kann sich irren. Verlassen Sie sich nicht darauf, wenn es um Gesundheit oder ' +
      'Sicherheit geht.',
    about: 'Technische Angaben',
    model: 'Modell',
    samples: 'Beispielbilder: NASA, gemeinfrei; die Masken sind gezeichnet.',
    update: 'Eine neue Version ist verfügbar.',
    reload: 'Neu laden',
    notNow: 'Jetzt nicht',
  },

  live: {
    title: 'Webcam verwenden',
    picture: 'Live-Video',
    start: 'Kamera starten',
    demo: 'Keine Kamera? Demo ansehen',
    stop: 'Stopp',
    pause: 'Pause',
    resume: 'Fortsetzen',
    picker: 'Kamera',
    flip: 'Kamera wechseln',
    snapshot: 'Bild speichern',
    full: 'Vollbild',
    leave: 'Vollbild beenden',
    mute: 'Alarme stummschalten',
    camera: (number) => `Kamera ${number}`,
  },

  legend: {
    title: 'Bedeutung der Markierungen',
    with_mask: 'Nase, Mund und Kinn sind bedeckt.',
    without_mask: 'Das Gesicht ist unbedeckt.',
    incorrect_mask: 'Nase oder Mund sind unbedeckt.',
    or: 'oder',
    unsure: 'Kommen Sie näher und ins Licht.',
  },

  counts: {
    title: 'Heute',
    since: (time) => `seit ${time}`,
    people: 'Personen',
    putOn: 'nach Alarm aufgesetzt',
    watched: 'Kamera an',
    chart: 'Personen pro Stunde',
    share: (share) => {
      return share === null ? 'noch keine Daten' : `${Math.round(share * 100)}\u00a0% mit Maske`;
    },
    days: 'Letzte 7 Tage',
    day: 'Tag',
    lasted: hours,
    download: 'Zahlen als CSV speichern',
    reset: 'Zurücksetzen',
    confirmReset: 'Zahlen aller Tage löschen?',
    kept: 'In diesem Browser für bis zu 400 Tage gespeichert.',
    keptForNow:
      'Werden nur bis zum Schließen dieser Seite aufbewahrt: Ihr Browser lässt kein Speichern zu.',
    notKept:
      'Die Zahlen ließen sich nicht speichern. Sie bleiben erhalten, bis diese Seite geschlossen ' +
      'wird.',
    notSaved: 'Die Zahlen ließen sich nicht speichern. Versuchen Sie es noch einmal.',
    notCleared: 'Die Zahlen ließen sich nicht löschen. Versuchen Sie es noch einmal.',
  },

  alerts: {
    title: 'Alarme',
    lead:
      'Ein Alarm beginnt, wenn ein Gesicht ohne Maske oder mit falsch getragener Maske im Bild ' +
      'bleibt.',
    settings: 'Einstellungen',
    after: 'Alarm nach',
    afterChoice: durationFormat('de'),
    cooldown: 'Ton oder Benachrichtigung',
    cooldownChoice: (seconds) =>
      de.alerts.cooldowns[seconds] ?? `höchstens alle ${durationFormat('de')(seconds)}`,
    /** @type {Record<number, string>} by seconds */
    cooldowns: {
      0: 'bei jedem Alarm',
      1: 'höchstens einmal pro Sekunde',
      60: 'höchstens einmal pro Minute',
    },
    minFace: 'Gesichter, die zählen',
    minFaceHint: 'Je näher jemand ist, desto größer ist das Gesicht im Bild.',
    minFaceChoice: (percent) =>
      percent === 0 ? 'alle' : `mindestens ${percent}\u00a0% der Bildhöhe`,
    zone: 'Teil des Bildes, der zählt, in\u00a0%',
    zoneLeft: 'Links',
    zoneTop: 'Oben',
    zoneRight: 'Rechts',
    zoneBottom: 'Unten',
    zoneRange: (edge) => `„${edge}“ muss eine ganze Zahl von 0 bis 100 sein.`,
    zoneOrder: (first, second, least) =>
      `„${second}“ muss mindestens um ${least} größer sein als „${first}“.`,
    zoneKept: 'Bis dahin zählt der zuvor gewählte Teil.',
    zoneDraw: 'Im Video zeichnen',
    zoneWhole: 'Ganzes Bild',
    sound: 'Ton',
    try: 'Testen',
    volume: 'Lautstärke',
    /** @type {Record<number, string>} by percentage */
    volumes: { 15: 'Leise', 40: 'Normal', 100: 'Laut' },
    volumeChoice: (percent) => de.alerts.volumes[percent] ?? `${percent}\u00a0%`,
    notification: 'Benachrichtigungen',
    announce: 'Ergebnisse für Screenreader ansagen',
    blocked: 'Ihr Browser blockiert Benachrichtigungen dieser Seite.',
    log: 'Protokoll',
    when: 'Zeit',
    duration: 'Dauer',
    empty: 'Noch keine Alarme.',
    kept: 'Nur in diesem Browser gespeichert.',
    keptForNow:
      'Wird nur bis zum Schließen dieser Seite aufbewahrt: Ihr Browser lässt kein Speichern zu.',
    notKept: 'Ihr Browser verweigert dieser Seite den Zugriff auf das Protokoll.',
    notSaved: 'Das Protokoll ließ sich nicht speichern. Versuchen Sie es noch einmal.',
    notCleared: 'Das Protokoll ließ sich nicht leeren. Versuchen Sie es noch einmal.',
    older: (count) => `Ältere Einträge in der CSV-Datei: ${count}`,
    download: 'CSV herunterladen',
    clear: 'Leeren',
    confirmClear: 'Protokoll leeren?',
    lasted: duration,
  },

  columns: { file: 'Datei', code: 'Code', corrected: 'Korrigiert' },

  pictures: {
    keep: 'Von jedem Alarm ein Bild behalten',
    privacy:
      'Bilder von Gesichtern bleiben in diesem Browser und werden nach der Zeit unten gelöscht. ' +
      'Fragen Sie die Personen vorher, wo das Gesetz es verlangt.',
    deleteAfter: 'Bilder löschen nach',
    periods: { 1: '1 Stunde', 24: '1 Tag', 168: '7 Tagen', 720: '30 Tagen' },
    unavailable: 'Ihr Browser lässt kein Speichern zu, daher werden keine Bilder behalten.',
    confirmOff: (count) => `Ausschalten löscht alle gespeicherten Bilder (${count}).`,
    turnOff: 'Löschen und ausschalten',
    stay: 'Behalten',
    notTaken: 'Das Bild zu einem Alarm ließ sich nicht aufnehmen. Das Protokoll ist vollständig.',
    notRead:
      'Die Bilder zu Alarmen ließen sich nicht lesen. Laden Sie die Seite neu, um es noch ' +
      'einmal zu versuchen.',
    notKept: 'Das Bild eines Alarms ließ sich nicht speichern. Das Protokoll ist vollständig.',
    notDeleted: 'Die Bilder ließen sich nicht löschen. Laden Sie die Seite neu.',
    notExported: 'Die Bilder ließen sich nicht exportieren. Versuchen Sie es noch einmal.',
    enlarge: 'Bild vergrößern',
    face: 'Das Gesicht zu Beginn des Alarms',
    wrong: 'Das war falsch',
    question: 'Was ist das richtige Ergebnis?',
    notAFace: 'kein Gesicht',
    corrected: (word) => `korrigiert: ${word}`,
    undo: 'Rückgängig',
    exportAll: (count) => `Korrigierte Bilder exportieren (${count})`,
  },

  kiosk: {
    noFace: 'Bitte schauen Sie in die Kamera',
    with_mask: 'Die Maske sitzt, willkommen',
    without_mask: 'Bitte setzen Sie eine Maske auf',
    incorrect_mask: 'Bitte bedecken Sie Nase und Mund',
    unsure: 'Einen Moment, bitte',
    too_small: 'Bitte kommen Sie näher',
    face: 'Bitte heben Sie den Kopf und schauen Sie in die Kamera',
    light: 'Bitte treten Sie ins Licht',
    staff: 'Bitte wenden Sie sich an das Personal',
  },

  address: {
    wrong: 'Bitte korrigieren Sie die Adresse dieser Seite:',
    lang: (got, known) => `lang: erwartet ist eine von ${known.join(', ')}, nicht „${got}“.`,
    pin: 'pin: erwartet sind 4 bis 8 Ziffern.',
    volume: (got) => `volume: erwartet ist eine Zahl von 0 bis 100, nicht „${got}“.`,
    text: (name, max) => `${name}: erwartet sind 1 bis ${max} Zeichen.`,
    unknown: (name) => `${name}: diese Angabe gibt es nicht.`,
    camera: (name) =>
      `Keine Kamera mit „${name}“ im Namen ist angeschlossen. Schließen Sie sie an, oder korrigieren ` +
      'Sie die Adresse.',
    logo: 'Der Server hat kein Logo. Starten Sie ihn mit --logo DATEI.',
    voice:
      'Dieses Gerät hat keine deutsche Stimme. Installieren Sie eine, oder entfernen Sie „speak“ ' +
      'aus der Adresse.',
  },

  pin: {
    title: 'Kiosk verlassen',
    label: 'PIN',
    erase: 'Ziffer löschen',
    enter: 'OK',
    cancel: 'Abbrechen',
    wrong: 'Falsche PIN.',
    wait: (seconds) =>
      `Zu viele falsche PINs. Versuchen Sie es in ${durationFormat('de')(seconds)} wieder.`,
  },

  status: {
    idle: 'Bereit. Die Kamera ist aus.',
    asking: 'Warten auf die Kamera',
    prompt: 'Ihr Browser fragt, ob diese Seite die Kamera verwenden darf: Wählen Sie „Zulassen“.',
    begun: 'Lädt',
    loading: (done, total) => `${megabytes(done)} von ${megabytes(total)} MB`.replaceAll('.', ','),
    warming: 'Wird vorbereitet',
    running: 'Läuft',
    paused: 'Pausiert. Die Kamera ist noch an.',
    stalled:
      'Die Kamera ist an, liefert aber kein neues Bild. Wenn das so bleibt, drücken Sie „Stopp“ ' +
      'und dann „Kamera starten“.',
    hidden: 'Läuft langsam weiter, solange diese Seite verdeckt ist.',
    resumed: 'Läuft wieder. Dieser Browser hält die Kamera an, solange die Seite verdeckt ist.',
    demo: 'Demo mit Beispielbildern. Die Kamera ist aus.',
    demoPaused: 'Demo angehalten. Die Kamera ist aus.',
    stopped: 'Gestoppt. Die Kamera ist aus.',
    failed: 'Läuft nicht. Die Kamera ist aus.',
  },

  rate: (rate) => `${Math.round(rate)} ${Math.round(rate) === 1 ? 'Bild' : 'Bilder'} pro Sekunde`,

  noFace: 'Kein Gesicht im Bild.',
  noFaceOnPhoto: 'Kein Gesicht gefunden.',
  summary: (labels) => (labels.length === 0 ? de.noFace : summarize(labels)),

  warning: warningFormat({
    bare: 'Jemand trägt keine Maske.',
    wrong: 'Jemand trägt die Maske nicht richtig.',
    allBare: (count) => `${count} Personen tragen keine Maske.`,
    allWrong: (count) => `${count} Personen tragen die Maske nicht richtig.`,
    mixed: (bare, wrong) => `${bare} ohne Maske, ${wrong} mit falsch getragener Maske.`,
  }),

  probability: probabilityFormat('\u00a0%'),

  checking: 'Wird geprüft …',

  model: {
    contract: (field) =>
      `Die Modellbeschreibung ist ungültig: ${field} ist falsch. Laden Sie die Seite neu.`,
    hash: (name, expected, got) =>
      `${name} passt nicht zur Modellbeschreibung: SHA-256 ${expected.slice(0, 12)}… erwartet, ` +
      `${got.slice(0, 12)}… erhalten. Laden Sie die Seite neu.`,
    download: (name, reason) =>
      `${name} ließ sich nicht laden (${reason}). Prüfen Sie die Verbindung, und versuchen Sie ` +
      'es noch einmal.',
    golden: (error, tolerance) =>
      'Das Modell liefert auf diesem Gerät falsche Ergebnisse: Bei der Testeingabe ist eine ' +
      `Abweichung von höchstens ${tolerance} erlaubt, sie beträgt ${error.toFixed(4)}. ` +
      `${elsewhere}`,
    notANumber: 'Das Modell hat keine gültige Zahl geliefert. Versuchen Sie es noch einmal.',
    backend:
      'Das Modell startet in diesem Browser nicht. Versuchen Sie es noch einmal, oder ' +
      `aktualisieren Sie den Browser. ${elsewhere}`,
    worker: 'Die Gesichtserkennung ließ sich nicht starten. Versuchen Sie es noch einmal.',
    ended: 'Die Gesichtserkennung wurde unerwartet beendet. Versuchen Sie es noch einmal.',
  },
};
