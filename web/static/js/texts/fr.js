/** Every sentence the page says, in French. */

import { boxWords, computer, counted, megabytes } from './common.js';

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
  insecure:
    'La caméra a besoin d’une adresse sûre. Sur cet ordinateur, ouvrez la page par ' +
    'http://localhost. Pour d’autres appareils, lancez le serveur avec --https et ouvrez l’adresse ' +
    'https qu’il affiche. Vous pouvez quand même vérifier des photos.',
  unsupported:
    'Ce navigateur n’offre pas de caméra aux pages. Essayez-en un autre, ou vérifiez une photo.',
  denied:
    'La caméra n’est pas autorisée. Autorisez-la pour cette page dans la barre d’adresse ou les ' +
    'réglages du navigateur, puis démarrez de nouveau.',
  none:
    'Aucune caméra n’a été trouvée. Branchez-en une et démarrez de nouveau, ou vérifiez une photo.',
  busy:
    'La caméra ne peut pas être lue. Un autre programme l’utilise peut-être : fermez-le, puis ' +
    'démarrez de nouveau.',
  unsuitable:
    'La caméra n’offre pas d’image qui convienne. Essayez une autre caméra, ou vérifiez une photo.',
  lost: 'La caméra a été débranchée. Branchez-la et démarrez de nouveau.',
  withdrawn: 'La caméra n’est plus autorisée. Autorisez-la de nouveau, puis démarrez.',
  other: 'La caméra n’a pas démarré. Démarrez de nouveau, ou vérifiez une photo.',
};

/** @type {Texts} */
export const fr = {
  words,
  camera,

  page: {
    title: 'Détection de masques',
    question: 'Le masque est-il mis ?',
    lead:
      'Chaque visage reçoit un cadre qui le dit. Les images de votre webcam sont jugées ici, dans ' +
      'votre navigateur :',
    promise: 'elles ne quittent jamais votre appareil.',
    caution:
      'Un modèle peut se tromper : ne vous y fiez pas là où la santé ou la sécurité en dépend.',
    model: 'Modèle',
    update: 'Une nouvelle version de cette page est prête.',
    reload: 'L’utiliser',
    notNow: 'Pas maintenant',
  },

  live: {
    title: 'Avec votre webcam',
    picture: 'Ce que voit la caméra',
    start: 'Démarrer la caméra',
    stop: 'Arrêter',
    pause: 'Pause',
    resume: 'Reprendre',
    picker: 'Caméra',
    flip: 'Prendre l’autre caméra',
    snapshot: 'Enregistrer une image',
    full: 'Plein écran',
    leave: 'Quitter le plein écran',
    mute: 'Couper le son des alertes',
    camera: (number) => `Caméra ${number}`,
  },

  legend: {
    title: 'Ce que disent les cadres',
    with_mask: 'Le nez, la bouche et le menton sont couverts.',
    without_mask: 'Le visage est nu.',
    incorrect_mask: 'Le nez ou la bouche se voit.',
    or: 'ou',
    unsure: 'Approchez-vous, à la lumière.',
  },

  photo: {
    title: 'Avec une photo',
    chooseMany: 'Choisissez des photos, ou déposez-les n’importe où sur cette page',
    here: 'Elles sont jugées ici, dans votre navigateur, et ne quittent pas votre appareil.',
    drop: 'Lâchez les photos pour les vérifier',
    results: 'Vos photos',
    close: 'Fermer',
    waiting: 'En attente …',
    unreadable: 'Ce fichier n’est pas une image que votre navigateur sait lire.',
    server: 'Regarder de plus près sur le serveur',
    serverHint: 'Trouve mieux les petits visages. La photo est envoyée à ce serveur et non conservée.',
    unreachable: 'Le serveur est injoignable.',
    alt: (name) => `${name}, avec un cadre autour de chaque visage`,
    faces: 'Visages, numérotés comme sur l’image',
    face: 'Visage',
    verdict: 'Verdict',
    sure: 'Certitude',
    result: 'Votre photo',
    kept: 'La photo a été jugée dans la mémoire du serveur et n’a pas été conservée.',
    problem: 'Cela n’a pas marché',
  },

  counts: {
    title: 'Compté depuis le début',
    faces: 'visages',
    chart: (minutes) => `Avec masque, ${minutes} dernières minutes`,
    share: (share) => (share === null ? 'encore personne' : `${Math.round(share * 100)} %`),
    reset: 'Recompter',
  },

  alerts: {
    title: 'Alertes',
    lead:
      'Une alerte commence quand un visage sans masque, ou avec un masque mal porté, reste dans l’image.',
    settings: 'Réglages',
    wait: 'Commence quand',
    of: 'des',
    pictures: 'dernières images concordent',
    coolDown: 'Secondes de calme après une alerte',
    sound: 'Son',
    try: 'Essayer',
    notification: 'Notification du système',
    refused: 'Le navigateur n’autorise pas les notifications pour cette page.',
    log: 'Journal',
    when: 'Heure',
    verdict: 'Verdict',
    duration: 'Durée',
    empty: 'Aucune alerte pour l’instant.',
    kept: 'Conservé dans ce navigateur, sans images.',
    older: (count) => `et ${count} plus anciennes, dans le fichier CSV`,
    download: 'Télécharger le CSV',
    clear: 'Vider',
    clearSure: 'Tout effacer ?',
    lasted: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },

  kiosk: {
    nobody: 'Regardez la caméra, s’il vous plaît',
    with_mask: 'Masque mis, bienvenue',
    without_mask: 'Mettez un masque, s’il vous plaît',
    incorrect_mask: 'Couvrez le nez et la bouche',
    unsure: 'Un instant, s’il vous plaît',
    too_small: 'Approchez-vous, s’il vous plaît',
  },

  status: {
    idle: 'Prêt. La caméra est éteinte.',
    asking: 'En attente de la caméra',
    prompt:
      'Votre navigateur demande si cette page peut utiliser la caméra : choisissez « Autoriser ».',
    begun: 'Chargement',
    loading: (done, total) =>
      `Chargement : ${megabytes(done)} sur ${megabytes(total)} Mo`.replaceAll('.', ','),
    warming: 'Mise en route',
    running: 'En marche',
    held: 'En pause. La caméra est encore allumée.',
    stalled: 'La caméra est allumée, mais aucune nouvelle image n’arrive.',
    paused: 'En pause, car cette page est cachée.',
    resumed: 'De nouveau en marche. La pause a duré tant que la page était cachée.',
    stopped: 'Arrêté. La caméra est éteinte.',
    failed: 'À l’arrêt. La caméra est éteinte.',
  },

  rate: (rate) => `${Math.round(rate)} images par seconde`,

  backend: (name, failed) =>
    failed
      ? `${computer(failed)} a échoué sur cet appareil ; ${computer(name)} a pris le relais`
      : `Calculé par ${computer(name)}`,

  noFace: 'Aucun visage dans l’image.',
  noFaceOnPhoto: 'Aucun visage n’a été trouvé.',
  faces(labels) {
    if (labels.length === 0) return fr.noFace;
    if (labels.length === 1) return `1 visage : ${words[labels[0]]}.`;
    return `${labels.length} visages : ${counted(words, labels)}.`;
  },

  warning(labels) {
    if (labels.includes('without_mask')) return 'Quelqu’un dans l’image ne porte pas de masque.';
    if (labels.includes('incorrect_mask')) return 'Quelqu’un dans l’image porte mal son masque.';
    return '';
  },

  box: boxWords(words, ' %'),

  judging: 'Examen …',

  model: {
    contract: (field) => `Cette page ne peut pas lire le contrat du modèle : ${field} est faux.`,
    hash: (name, expected, came) =>
      `${name} n’est pas le fichier que nomme le contrat du modèle : SHA-256 attendu ` +
      `${expected.slice(0, 12)}…, reçu ${came.slice(0, 12)}…. Rechargez la page.`,
    download: (name, came) =>
      `${name} n’a pas pu être chargé (${came}). Démarrez de nouveau pour réessayer.`,
    golden: (worst, tolerance) =>
      `Le modèle répond mal sur cet appareil : écart de ${worst.toFixed(4)} sur l’essai, ` +
      `${tolerance} au plus attendu. Vous pouvez quand même envoyer une photo.`,
    notANumber: 'Le modèle a répondu par quelque chose qui n’est pas un nombre.',
    backend: (reason) =>
      `Le modèle ne démarre pas dans ce navigateur (${reason}). Démarrez de nouveau ; si cela ne ` +
      'suffit pas, mettez le navigateur à jour, ou envoyez une photo.',
    worker:
      'La partie de cette page qui juge les visages n’a pas démarré. Démarrez de nouveau.',
    ended: 'La partie de cette page qui juge les visages a dû s’arrêter. Essayez de nouveau.',
  },
};
