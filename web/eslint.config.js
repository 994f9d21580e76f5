import js from '@eslint/js';
import globals from 'globals';

const strict = {
  eqeqeq: 'error',
  curly: ['error', 'multi-line'],
  'no-var': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
  'object-shorthand': 'error',
  'no-shadow': 'error',
  'no-implicit-globals': 'error',
  'no-param-reassign': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-console': 'error',
  'no-restricted-properties': [
    'error',
    ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
      property,
      message: 'Use textContent: what is shown is never read as HTML.',
    })),
  ],
  'max-lines': ['error', 300],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  complexity: ['error', 10],
};

/** Folders of web/static/js; each may import those before it, and modules beside them. */
const LAYERS = ['vision', 'tracking', 'worker', 'camera', 'client', 'view', 'photos', 'alerts'];

/** One rule per folder: dependencies point one way. */
const layers = LAYERS.slice(0, -1).map((folder, i) => ({
  files: [`web/static/js/${folder}/**/*.js`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: LAYERS.slice(i + 1).map((later) => ({
          group: [`../${later}/*`],
          message: `${folder} comes before ${later}.`,
        })),
      },
    ],
  },
}));

export default [
  { ignores: ['web/static/build/', 'web/static/models/'] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' }, rules: strict },
  {
    files: ['web/static/js/**/*.js'],
    languageOptions: {
      globals: {
        ...globals.browser,
        ...{ ASSETS: 'readonly', PICTURE_EXPORT: 'readonly', WORKER: 'readonly' },
      },
    },
  },
  {
    files: ['web/static/sw.js'],
    languageOptions: { globals: { ...globals.serviceworker, CACHED: 'readonly' } },
  },
  {
    files: ['web/static/js/**/*.js'],
    ignores: ['web/static/js/view/view.js', 'web/static/js/view/**'],
    rules: {
      'no-restricted-globals': ['error', { name: 'document', message: 'Only the view touches it.' }],
    },
  },
  {
    files: ['web/*.{js,mjs}', 'web/tools/*.mjs'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  { files: ['web/static/js/texts/*.js'], rules: { 'max-lines': ['error', 400] } }, // tables of texts
  {
    files: ['tests/web/**/*.js'],
    languageOptions: { globals: globals.node },
    rules: { 'max-lines': ['error', 400], 'max-lines-per-function': 'off' },
  },
  ...layers,
];
