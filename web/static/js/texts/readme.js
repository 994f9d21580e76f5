/** The text beside exported pictures, which explains how to train with them. */

/** @type {Record<string, string>} by language */
export const README = {
  en:
    'Pictures of alerts that a user corrected, in a folder for each correct result. pictures.csv ' +
      'lists the results of the model.\n\n' +
      'To train with them, copy the folders into your folder of training photos, which needs at ' +
      'least 10 different photos with and 10 without a mask, and run:\n\n' +
      '  make train DATA=FOLDER\n\n' +
      'These are pictures of people: keep them only as long as you need them, and as the law ' +
      'allows.\n',
  de:
    'Bilder von Alarmen, die ein Benutzer korrigiert hat, in einem Ordner je richtigem Ergebnis. ' +
      'pictures.csv führt auf, was das Modell erkannt hat.\n\n' +
      'Um damit zu trainieren, kopieren Sie die Ordner in Ihren Ordner mit Trainingsfotos, der ' +
      'mindestens 10 verschiedene Fotos mit und 10 ohne Maske braucht, und führen aus:\n\n' +
      '  make train DATA=ORDNER\n\n' +
      'Dies sind Bilder von Personen: Bewahren Sie sie nur so lange auf, wie Sie sie brauchen und ' +
      'das Gesetz es erlaubt.\n',
  fr:
    'Images d’alertes corrigées par un utilisateur, dans un dossier par bon résultat. ' +
      'pictures.csv indique ce que le modèle avait répondu.\n\n' +
      'Pour entraîner un modèle avec elles, copiez les dossiers dans votre dossier de photos ' +
      'd’entraînement, qui doit contenir au moins 10 photos différentes avec masque et 10 sans, ' +
      'puis lancez\u00a0:\n\n' +
      '  make train DATA=DOSSIER\n\n' +
      'Ce sont des images de personnes\u00a0: ne les gardez que le temps nécessaire et permis par la ' +
      'loi.\n',
};
