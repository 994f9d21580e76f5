/** Every sentence the page says, in French. */

import { counted, megabytes, probabilityFormat } from './common.js';

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
    'Ce navigateur n’offre pas de caméra aux pages. Essayez-en un autre, ou vérifiez une photo.',
  denied:
    'La caméra n’est pas autorisée. Autorisez-la pour cette page dans la barre d’adresse ou les ' +
    'réglages du navigateur, puis redémarrez-la.',
  none:
    'Aucune caméra n’a été trouvée. Branchez-en une et démarrez-la, ou vérifiez une photo.',
  busy:
    'La caméra ne donne pas d’image. Un autre programme l’utilise peut-être : fermez-le, puis ' +
    'redémarrez-la.',
  unsuitable:
    'La caméra n’offre pas d’image qui convienne. Essayez une autre caméra, ou vérifiez une photo.',
  lost: 'La caméra a été débranchée. Elle reprend dès qu’elle est rebranchée ; sinon, redémarrez-la.',
  withdrawn: 'La caméra n’est plus autorisée. Autorisez-la de nouveau, puis redémarrez-la.',
  other: 'La caméra n’a pas démarré. Réessayez, ou vérifiez une photo.',
};

const photo = {
  title: 'Avec une photo',
  chooseMany: 'Choisissez des photos, ou déposez-les n’importe où sur cette page',
  here: 'Elles sont examinées ici, dans votre navigateur, et ne quittent pas votre appareil.',
  drop: 'Déposez les photos pour les vérifier',
  results: 'Vos photos',
  close: 'Fermer',
  waiting: 'En attente …',
  unreadable: 'Ce fichier n’est pas une image que votre navigateur sait lire.',
  memory: 'Cette photo est trop grande pour la mémoire de cet appareil.',
  server: 'Envoyer au serveur',
  serverHint: 'Le serveur examine la photo et ne la conserve pas.',
  unreachable: 'Le serveur est injoignable.',
  /** @type {Record<number, string>} */
  refused: {
    400: 'Ce fichier est vide.',
    408: 'La photo a mis trop de temps à parvenir au serveur. Réessayez.',
    413: 'Cette photo est trop grande pour le serveur.',
    415: 'Le serveur lit les images JPEG, PNG et WebP ; ce fichier n’en est pas une.',
    422: 'Le serveur ne peut pas lire cette image : elle est endommagée ou incomplète.',
    500: 'Le serveur n’a pas pu juger cette photo. Réessayez.',
    503: 'Le serveur a trop à faire en ce moment. Réessayez dans un instant.',
  },
  /** @param {string} name */
  alt: (name) => `${name}, avec un cadre autour de chaque visage`,
  faces: 'Visages, numérotés comme sur l’image',
  face: 'Visage',
  verdict: 'Verdict',
  sure: 'Certitude',
  result: 'Votre photo',
  json: 'Enregistrer les verdicts en JSON',
  csv: 'Les enregistrer en CSV',
  kept: 'Examiné dans la mémoire du serveur, sans être conservé.',
  problem: 'Cela n’a pas fonctionné',
};

const elsewhere =
  `Le serveur peut encore examiner des photos : choisissez-en une et appuyez sur « ${photo.server} ».`;

/** @type {Texts} */
export const fr = {
  words,
  camera,
  photo,

  insecure: (home) =>
    'La caméra a besoin d’une adresse sûre. Sur l’ordinateur où tourne le serveur, ouvrez ' +
    `${home}. Pour d’autres appareils, lancez le serveur avec « make serve OPTIONS=--https » et ` +
    'ouvrez l’adresse https qu’il affiche. Ici, vous pouvez quand même vérifier des photos.',

  page: {
    title: 'Détection de masques',
    question: 'Le masque est-il bien mis ?',
    lead:
      'Un cadre autour de chaque visage vous le dit. Les images de votre webcam sont examinées ' +
      'dans votre navigateur :',
    promise: 'elles ne quittent jamais votre appareil.',
    caution:
      'Un modèle peut se tromper : ne vous y fiez pas quand la santé ou la sécurité est en jeu.',
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
    flip: 'Changer de caméra',
    snapshot: 'Enregistrer une image',
    full: 'Plein écran',
    leave: 'Quitter le plein écran',
    mute: 'Mettre les alertes en sourdine',
    camera: (number) => `Caméra ${number}`,
  },

  legend: {
    title: 'Ce que disent les cadres',
    with_mask: 'Le nez, la bouche et le menton sont couverts.',
    without_mask: 'Le visage est découvert.',
    incorrect_mask: 'Le nez ou la bouche se voit.',
    or: 'ou',
    unsure: 'Approchez-vous, en pleine lumière.',
  },

  counts: {
    title: 'Comptés jusqu’ici',
    faces: 'vus',
    chart: (minutes) => `Avec masque, ${minutes} dernières minutes`,
    share: (share) => (share === null ? 'encore personne' : `${Math.round(share * 100)}\u00a0%`),
    reset: 'Remettre à zéro',
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
    duration: 'Durée',
    empty: 'Aucune alerte pour l’instant.',
    kept: 'Conservé dans ce navigateur, sans images.',
    fleeting:
      'Conservé jusqu’à la fermeture de cette page, sans images : le navigateur n’en permet pas plus.',
    notKept: 'Le navigateur n’a pas laissé la page lire ou écrire le journal.',
    notSaved: 'Le journal n’a pas pu être enregistré. Réessayez.',
    notCleared: 'Le journal n’a pas pu être vidé. Réessayez.',
    older: (count) => `et ${count} plus anciennes, dans le fichier CSV`,
    download: 'Télécharger le CSV',
    clear: 'Vider',
    clearSure: 'Tout effacer ?',
    lasted: (seconds) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
  },

  kiosk: {
    nobody: 'Regardez la caméra, s’il vous plaît',
    with_mask: 'Masque bien mis, bienvenue',
    without_mask: 'Mettez un masque, s’il vous plaît',
    incorrect_mask: 'Couvrez le nez et la bouche, s’il vous plaît',
    unsure: 'Un instant, s’il vous plaît',
    too_small: 'Approchez-vous, s’il vous plaît',
  },

  status: {
    idle: 'Prêt. La caméra est éteinte.',
    asking: 'En attente de la caméra',
    prompt:
      'Votre navigateur demande si cette page peut utiliser la caméra : choisissez « Autoriser ».',
    begun: 'Chargement',
    loading: (done, total) => `${megabytes(done)} sur ${megabytes(total)} Mo`.replaceAll('.', ','),
    warming: 'Mise en route',
    running: 'En marche',
    held: 'En pause. La caméra est encore allumée.',
    stalled:
      'La caméra est allumée, mais aucune nouvelle image n’arrive. Si cela dure, arrêtez-la, puis ' +
      'redémarrez-la.',
    paused: 'En pause, car cette page n’est pas visible.',
    resumed: 'De nouveau en marche, après une pause tant que cette page n’était pas visible.',
    stopped: 'Arrêté. La caméra est éteinte.',
    failed: 'À l’arrêt. La caméra est éteinte.',
  },

  rate: (rate) => `${Math.round(rate)} images par seconde`,

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

  share: probabilityFormat('\u00a0%'),

  judging: 'Examen en cours …',

  model: {
    contract: (field) =>
      `Cette page ne peut pas lire le contrat du modèle : ${field} est faux. Rechargez la page.`,
    hash: (name, expected, came) =>
      `${name} n’est pas le fichier que nomme le contrat du modèle : SHA-256 attendu ` +
      `${expected.slice(0, 12)}…, reçu ${came.slice(0, 12)}…. Rechargez la page.`,
    download: (name, came) =>
      `${name} n’a pas pu être chargé (${came}). Vérifiez la connexion, puis réessayez.`,
    golden: (worst, tolerance) =>
      `Le modèle répond mal sur cet appareil : écart de ${worst.toFixed(4)} sur l’essai, ` +
      `${tolerance} au plus attendu. ${elsewhere}`,
    notANumber: 'Le modèle a répondu par quelque chose qui n’est pas un nombre. Réessayez.',
    backend:
      'Le modèle ne démarre pas dans ce navigateur. Réessayez, ou mettez le navigateur ' +
      `à jour. ${elsewhere}`,
    worker: 'La partie de cette page qui examine les visages n’a pas démarré. Réessayez.',
    ended: 'La partie de cette page qui examine les visages a dû s’arrêter. Réessayez.',
  },
};
