/** All texts of the page in French. */

import {
  duration, durationFormat, hours, megabytes, probabilityFormat, summaryFormat, warningFormat,
} from './common.js';

/** @import { Texts } from './en.js' */

/** @type {Record<string, string>} */
const words = {
  with_mask: 'masque',
  without_mask: 'sans masque',
  incorrect_mask: 'mal porté',
  unsure: 'incertain',
  too_small: 'trop petit',
};

const camera = {
  unsupported:
    'Ce navigateur ne donne pas accès à la caméra. Essayez-en un autre, ou vérifiez une photo.',
  denied:
    'L’accès à la caméra est bloqué. Autorisez-le dans la barre d’adresse ou les réglages du ' +
    'navigateur, puis redémarrez la caméra.',
  none: 'Aucune caméra trouvée. Branchez-en une et démarrez-la, ou vérifiez une photo.',
  busy:
    'La caméra n’envoie pas d’image. Un autre programme l’utilise peut-être\u00a0: fermez-le, puis ' +
    'redémarrez la caméra.',
  unsuitable:
    'Cette caméra n’offre pas de résolution adaptée. Essayez-en une autre, ou vérifiez une photo.',
  lost: 'La caméra a été débranchée. Rebranchez-la pour continuer.',
  withdrawn:
    'L’accès à la caméra a été retiré. Autorisez-le de nouveau, puis redémarrez la caméra.',
  other: 'La caméra n’a pas démarré. Réessayez, ou vérifiez une photo.',
};

const photo = {
  title: 'Vérifier une photo',
  chooseMany: 'Choisir des photos',
  dropHere: 'ou déposez-les ou collez-les n’importe où sur cette page',
  show: 'Afficher les résultats',
  here: 'Les photos sont vérifiées dans votre navigateur et ne sont jamais envoyées.',
  drop: 'Déposez les photos pour les vérifier',
  samples: 'Ou essayez un exemple\u00a0:',
  /** @param {number} number */
  sample: (number) => `exemple ${number}.jpg`,
  results: 'Vos photos',
  close: 'Fermer',
  waiting: 'En attente…',
  unreadable: 'Votre navigateur ne peut pas lire ce fichier comme une image.',
  memory: 'Cette photo est trop grande pour la mémoire de cet appareil.',
  server: 'Envoyer au serveur',
  serverHint: 'Le serveur vérifie la photo et ne la conserve pas.',
  unreachable: 'Le serveur est injoignable.',
  /** @type {Record<number, string>} */
  refused: {
    400: 'Ce fichier est vide.',
    408: 'L’envoi a pris trop de temps. Réessayez.',
    413: 'Cette photo est trop grande pour le serveur.',
    415: 'Le serveur lit les images JPEG, PNG, WebP, HEIC, AVIF et GIF.',
    422: 'Le serveur ne peut pas lire cette image\u00a0: elle est endommagée ou incomplète.',
    500: 'Le serveur n’a pas pu vérifier cette photo. Réessayez.',
    503: 'Le serveur est occupé. Réessayez dans un instant.',
  },
  notChecked: 'Non vérifiée',
  zoom: 'Agrandir',
  savePicture: 'Enregistrer l’image annotée',
  /** @param {string} name of the file */
  enlarge: (name) => `Agrandir ${name}`,
  /** @type {(failed: number, total: number) => string} */
  failed: (failed, total) =>
    failed === 1
      ? `1 photo sur ${total} n’a pas pu être vérifiée.`
      : `${failed} photos sur ${total} n’ont pas pu être vérifiées.`,
  /** @param {string} name */
  alt: (name) => `${name}, avec chaque visage encadré`,
  faces: 'Visages, numérotés comme sur l’image',
  face: 'Visage',
  verdict: 'Résultat',
  probability: 'Probabilité',
  result: 'Votre photo',
  json: 'Enregistrer les résultats en JSON',
  csv: 'Enregistrer les résultats en CSV',
  kept: 'Vérifié dans la mémoire du serveur, sans être conservé.',
  problem: 'Cela n’a pas fonctionné',
};

const elsewhere =
  `Le serveur peut encore vérifier des photos\u00a0: choisissez-en une et appuyez sur «\u00a0` +
  `${photo.server}\u00a0».`;

/** @type {Record<string, string>} on a person by label */
const phrases = {
  with_mask: 'avec un masque',
  without_mask: 'sans masque',
  incorrect_mask: 'avec un masque mal porté',
  unsure: 'au résultat incertain',
  too_small: 'au visage trop petit',
};

const summarize = summaryFormat(phrases, {
  person: 'personne',
  people: 'personnes',
  both: 'toutes deux',
  all: 'toutes',
  colon: '\u00a0:',
});

/** @type {Texts} */
export const fr = {
  words,
  camera,
  photo,

  insecure: (home) =>
    'La caméra exige une connexion sécurisée. Sur l’ordinateur où tourne le serveur, ouvrez ' +
    `${home}. Pour d’autres appareils, lancez le serveur avec ` +
    '«\u00a0make serve OPTIONS=--https\u00a0» et ouvrez l’adresse https qu’il affiche. Vous pouvez quand même vérifier des photos ici.',

  page: {
    title: 'Détection de masques',
    question: 'Le masque est-il bien mis\u00a0?',
    lead: 'Chaque visage est encadré. La vidéo est analysée dans votre navigateur\u00a0:',
    promise: 'elle ne quitte jamais votre appareil.',
    caution:
      'Le modèle peut se tromper\u00a0: ne vous y fiez pas quand la santé ou la sécurité est en jeu.',
    about: 'Détails techniques',
    model: 'Modèle',
    samples: 'Photos d’exemple\u00a0: NASA, domaine public\u00a0; les masques sont dessinés.',
    update: 'Une nouvelle version est disponible.',
    reload: 'Recharger',
    notNow: 'Pas maintenant',
  },

  live: {
    title: 'Utiliser votre webcam',
    picture: 'Vidéo en direct',
    start: 'Démarrer la caméra',
    demo: 'Pas de caméra\u00a0? Voir une démo',
    stop: 'Arrêter',
    pause: 'Pause',
    resume: 'Reprendre',
    picker: 'Caméra',
    flip: 'Changer de caméra',
    snapshot: 'Enregistrer l’image',
    full: 'Plein écran',
    leave: 'Quitter le plein écran',
    mute: 'Mettre les alertes en sourdine',
    camera: (number) => `Caméra ${number}`,
  },

  legend: {
    title: 'Signification des étiquettes',
    with_mask: 'Le nez, la bouche et le menton sont couverts.',
    without_mask: 'Le visage est découvert.',
    incorrect_mask: 'Le nez ou la bouche est à découvert.',
    or: 'ou',
    unsure: 'Approchez-vous, avec un meilleur éclairage.',
  },

  counts: {
    title: 'Aujourd’hui',
    since: (time) => `depuis ${time}`,
    people: 'personnes',
    putOn: 'mis après une alerte',
    watched: 'caméra allumée',
    chart: 'Personnes par heure',
    share: (share) => {
      return share === null
        ? 'pas encore de données'
        : `${Math.round(share * 100)}\u00a0% avec un masque`;
    },
    days: '7 derniers jours',
    day: 'Jour',
    lasted: hours,
    download: 'Enregistrer les chiffres en CSV',
    reset: 'Réinitialiser',
    confirmReset: 'Supprimer les chiffres de tous les jours\u00a0?',
    kept: 'Enregistrés dans ce navigateur pendant 400 jours au plus.',
    keptForNow:
      'Conservés jusqu’à la fermeture de cette page\u00a0: votre navigateur ne permet pas de les ' +
      'enregistrer.',
    notKept:
      'Les chiffres n’ont pas pu être enregistrés. Ils sont conservés jusqu’à la fermeture de ' +
      'cette page.',
    notSaved: 'Les chiffres n’ont pas pu être enregistrés. Réessayez.',
    notCleared: 'Les chiffres n’ont pas pu être supprimés. Réessayez.',
  },

  alerts: {
    title: 'Alertes',
    lead:
      'Une alerte se déclenche quand un visage sans masque, ou avec un masque mal porté, reste à ' +
      'l’image.',
    settings: 'Réglages',
    after: 'Alerter après',
    afterChoice: durationFormat('fr'),
    cooldown: 'Son ou notification',
    cooldownChoice: (seconds) =>
      fr.alerts.cooldowns[seconds] ??
      `au plus une fois toutes les ${durationFormat('fr')(seconds)}`,
    /** @type {Record<number, string>} by seconds */
    cooldowns: {
      0: 'à chaque alerte',
      1: 'au plus une fois par seconde',
      60: 'au plus une fois par minute',
    },
    minFace: 'Visages pris en compte',
    minFaceHint: 'Plus une personne est proche, plus son visage est grand dans l’image.',
    minFaceChoice: (percent) =>
      percent === 0 ? 'tous' : `au moins ${percent}\u00a0% de la hauteur de l’image`,
    zone: 'Partie de l’image prise en compte, en\u00a0%',
    zoneLeft: 'Gauche',
    zoneTop: 'Haut',
    zoneRight: 'Droite',
    zoneBottom: 'Bas',
    zoneRange: (edge) => `«\u00a0${edge}\u00a0» doit être un nombre entier de 0 à 100.`,
    zoneOrder: (first, second, least) =>
      `«\u00a0${second}\u00a0» doit dépasser «\u00a0${first}\u00a0» d’au moins ${least}.`,
    zoneKept: 'D’ici là, la partie choisie auparavant compte.',
    zoneDraw: 'Tracer sur la vidéo',
    zoneWhole: 'Image entière',
    sound: 'Son',
    try: 'Essayer',
    volume: 'Volume',
    /** @type {Record<number, string>} by percentage */
    volumes: { 15: 'Faible', 40: 'Normal', 100: 'Fort' },
    volumeChoice: (percent) => fr.alerts.volumes[percent] ?? `${percent}\u00a0%`,
    notification: 'Notifications',
    announce: 'Annoncer les résultats aux lecteurs d’écran',
    blocked: 'Votre navigateur bloque les notifications de cette page.',
    log: 'Journal',
    when: 'Heure',
    duration: 'Durée',
    empty: 'Aucune alerte pour l’instant.',
    kept: 'Enregistré dans ce navigateur uniquement.',
    keptForNow:
      'Conservé jusqu’à la fermeture de cette page\u00a0: votre navigateur ne permet pas de ' +
      'l’enregistrer.',
    notKept: 'Votre navigateur ne permet pas à cette page d’utiliser le journal.',
    notSaved: 'Le journal n’a pas pu être enregistré. Réessayez.',
    notCleared: 'Le journal n’a pas pu être vidé. Réessayez.',
    older: (count) => `Entrées plus anciennes dans le fichier CSV\u00a0: ${count}`,
    download: 'Télécharger le CSV',
    clear: 'Vider',
    confirmClear: 'Vider le journal\u00a0?',
    lasted: duration,
  },

  columns: { file: 'Fichier', code: 'Code', corrected: 'Corrigé' },

  pictures: {
    keep: 'Garder une image de chaque alerte',
    privacy:
      'Les images de visages restent dans ce navigateur et sont supprimées après le délai ' +
      'ci-dessous. Demandez d’abord l’accord des personnes là où la loi l’exige.',
    deleteAfter: 'Supprimer les images après',
    periods: { 1: '1 heure', 24: '1 jour', 168: '7 jours', 720: '30 jours' },
    unavailable:
      'Votre navigateur ne permet aucun enregistrement\u00a0: aucune image n’est donc gardée.',
    confirmOff: (count) => `La désactivation supprime toutes les images enregistrées (${count}).`,
    turnOff: 'Supprimer et désactiver',
    stay: 'Garder',
    notTaken: 'L’image d’une alerte n’a pas pu être prise. Le journal est complet.',
    notRead: 'Les images des alertes n’ont pas pu être lues. Rechargez la page pour réessayer.',
    notKept: 'L’image d’une alerte n’a pas pu être enregistrée. Le journal est complet.',
    notDeleted: 'Les images n’ont pas pu être supprimées. Rechargez la page.',
    notExported: 'Les images n’ont pas pu être exportées. Réessayez.',
    enlarge: 'Agrandir l’image',
    face: 'Le visage au début de l’alerte',
    wrong: 'C’était faux',
    question: 'Quel est le bon résultat\u00a0?',
    notAFace: 'pas un visage',
    corrected: (word) => `corrigé\u00a0: ${word}`,
    undo: 'Annuler',
    exportAll: (count) => `Exporter les images corrigées (${count})`,
  },

  kiosk: {
    noFace: 'Regardez la caméra, s’il vous plaît',
    with_mask: 'Masque bien mis, bienvenue',
    without_mask: 'Mettez un masque, s’il vous plaît',
    incorrect_mask: 'Couvrez-vous le nez et la bouche, s’il vous plaît',
    unsure: 'Un instant, s’il vous plaît',
    too_small: 'Approchez-vous, s’il vous plaît',
    face: 'Levez la tête et regardez la caméra, s’il vous plaît',
    light: 'Avancez vers la lumière, s’il vous plaît',
    staff: 'Adressez-vous au personnel, s’il vous plaît',
  },

  address: {
    wrong: 'Veuillez corriger l’adresse de cette page\u00a0:',
    lang: (got, known) =>
      `lang\u00a0: valeurs possibles ${known.join(', ')}, reçu «\u00a0${got}\u00a0».`,
    pin: 'pin\u00a0: il faut 4 à 8 chiffres.',
    volume: (got) => `volume\u00a0: il faut un nombre de 0 à 100, reçu «\u00a0${got}\u00a0».`,
    text: (name, max) => `${name}\u00a0: il faut 1 à ${max} caractères.`,
    unknown: (name) => `${name}\u00a0: cette option n’existe pas.`,
    camera: (name) =>
      `Aucune caméra dont le nom contient «\u00a0${name}\u00a0» n’est connectée. ` +
      'Connectez-la ou corrigez l’adresse.',
    logo: 'Le serveur n’a pas de logo. Démarrez-le avec --logo FICHIER.',
    voice:
      'Cet appareil n’a pas de voix française. Installez-en une, ou retirez «\u00a0speak\u00a0» de ' +
      'l’adresse.',
  },

  pin: {
    title: 'Quitter le kiosque',
    label: 'Code',
    erase: 'Effacer un chiffre',
    enter: 'OK',
    cancel: 'Annuler',
    wrong: 'Code incorrect.',
    wait: (seconds) => `Trop de codes incorrects. Réessayez dans ${durationFormat('fr')(seconds)}.`,
  },

  status: {
    idle: 'Prêt. La caméra est éteinte.',
    asking: 'En attente de la caméra',
    prompt:
      'Votre navigateur demande si cette page peut utiliser la caméra\u00a0: choisissez ' +
      '«\u00a0Autoriser\u00a0».',
    begun: 'Chargement',
    loading: (done, total) => `${megabytes(done)} sur ${megabytes(total)} Mo`.replaceAll('.', ','),
    warming: 'Préparation',
    running: 'En marche',
    paused: 'En pause. La caméra est encore allumée.',
    stalled:
      'La caméra est allumée, mais n’envoie plus d’images. Si cela continue, arrêtez-la, puis ' +
      'redémarrez-la.',
    hidden: 'Fonctionne au ralenti tant que cette page est masquée.',
    resumed: 'De nouveau en marche. Ce navigateur suspend la caméra tant que la page est masquée.',
    demo: 'Démo avec des photos d’exemple. La caméra est éteinte.',
    demoPaused: 'Démo en pause. La caméra est éteinte.',
    stopped: 'Arrêté. La caméra est éteinte.',
    failed: 'À l’arrêt. La caméra est éteinte.',
  },

  rate: (rate) => `${Math.round(rate)} ${Math.round(rate) < 2 ? 'image' : 'images'} par seconde`,

  noFace: 'Aucun visage à l’image.',
  noFaceOnPhoto: 'Aucun visage trouvé.',
  summary: (labels) => (labels.length === 0 ? fr.noFace : summarize(labels)),

  warning: warningFormat({
    bare: 'Quelqu’un ne porte pas de masque.',
    wrong: 'Quelqu’un porte mal son masque.',
    allBare: (count) => `${count} personnes ne portent pas de masque.`,
    allWrong: (count) => `${count} personnes portent mal leur masque.`,
    mixed: (bare, wrong) => `${bare} sans masque, ${wrong} avec un masque mal porté.`,
  }),

  probability: probabilityFormat('\u00a0%'),

  checking: 'Vérification…',

  model: {
    contract: (field) =>
      `La description du modèle n’est pas valide\u00a0: ${field} est incorrect. Rechargez la page.`,
    hash: (name, expected, got) =>
      `${name} ne correspond pas à la description du modèle\u00a0: SHA-256 attendu ` +
      `${expected.slice(0, 12)}…, reçu ${got.slice(0, 12)}…. Rechargez la page.`,
    download: (name, reason) =>
      `${name} n’a pas pu être chargé (${reason}). Vérifiez la connexion, puis réessayez.`,
    golden: (error, tolerance) =>
      'Le modèle donne des résultats faux sur cet appareil\u00a0: un écart de ' +
      `${tolerance} au plus est attendu sur l’entrée de test, il est de ${error.toFixed(4)}. ` +
      `${elsewhere}`,
    notANumber: 'Le modèle n’a pas renvoyé un nombre valide. Réessayez.',
    backend:
      'Le modèle ne démarre pas dans ce navigateur. Réessayez, ou mettez le navigateur ' +
      `à jour. ${elsewhere}`,
    worker: 'La détection des visages n’a pas démarré. Réessayez.',
    ended: 'La détection des visages s’est arrêtée de façon inattendue. Réessayez.',
  },
};
