/**
 * The layers: what each folder of src may import. Everything else is refused, so a new folder has to be named here (and in
 * ARCHITECTURE.md) before anything can use it.
 *
 * @type {Record<string, string[]>}
 */
const LAYERS = {
  // On the ground.
  'contributions.ts': [],
  json: [],
  disk: [],
  sample: [],
  // Pure layers.
  api: ['json'],
  records: ['json'],
  engine: ['disk', 'json'],
  usage: ['api', 'json', 'records'],
  store: ['api', 'disk', 'json', 'records', 'usage'],
  jobs: ['api', 'disk', 'json', 'records', 'usage'],
  spend: ['api', 'json', 'records', 'usage'],
  insight: ['json', 'records', 'usage'],
  budgeting: ['api', 'json', 'spend'],
  access: ['api', 'json'],
  signIn: ['api'],
  network: ['api'],
  // Layers that know the editor.
  workbench: ['contributions.ts', 'api', 'engine', 'json'],
  accounts: ['contributions.ts', 'api', 'network', 'signIn', 'workbench'],
  choices: ['contributions.ts', 'api', 'spend', 'usage', 'workbench'],
  stored: ['contributions.ts', 'api', 'choices', 'spend', 'store', 'usage', 'workbench'],
  // Features: they meet in contributions.ts or below, never in each other.
  explorer: ['contributions.ts', 'api', 'budgeting', 'json', 'spend', 'workbench'],
  documents: ['contributions.ts', 'api', 'choices', 'records', 'spend', 'store', 'usage', 'workbench'],
  doctor: ['contributions.ts', 'access', 'api', 'workbench'],
  budgets: ['contributions.ts', 'api', 'budgeting', 'choices', 'json', 'spend', 'workbench'],
  charts: ['contributions.ts', 'api', 'choices', 'disk', 'jobs', 'json', 'records', 'spend', 'usage', 'workbench'],
  exports: ['contributions.ts', 'api', 'choices', 'disk', 'jobs', 'json', 'spend', 'usage', 'workbench'],
  tables: ['contributions.ts', 'api', 'disk', 'engine', 'records', 'workbench'],
  insights: ['contributions.ts', 'api', 'choices', 'engine', 'insight', 'store', 'stored', 'usage', 'workbench'],
  sheets: ['contributions.ts', 'api', 'choices', 'engine', 'records', 'store', 'stored', 'usage', 'workbench'],
};

/** Layers that run without an editor. */
const PURE = [
  'json',
  'sample',
  'api',
  'records',
  'engine',
  'usage',
  'store',
  'jobs',
  'spend',
  'insight',
  'budgeting',
  'access',
  'signIn',
  'network',
];

/** Browser code. */
const PAGE = '^src/(charts|budgets|tables|sheets|workbench)/webview/';

const source = (name) => (name.endsWith('.ts') ? `^src/${name.replace('.', '\\.')}$` : `^src/${name}/`);
const any = (names) => names.map(source).join('|');

/** @type {import('dependency-cruiser').IConfiguration} */
// biome-ignore lint/style/noDefaultExport: the tool reads the default export
export default {
  forbidden: [
    ...Object.entries(LAYERS).map(([name, below]) => ({
      name: `layer-${name}`,
      comment: `src/${name} may import ${below.length === 0 ? 'nothing of src' : below.join(', ')} and itself.`,
      severity: 'error',
      from: { path: source(name) },
      to: { path: '^src/', pathNot: any([name, ...below]) },
    })),
    {
      name: 'pure-layers-without-editor',
      comment: 'These layers run in plain Node: tests, benches and the command line use them.',
      severity: 'error',
      from: { path: any(PURE) },
      to: { path: '^vscode$|@types/vscode' },
    },
    {
      name: 'pages-know-the-contract-alone',
      comment:
        'Code of a page runs in a browser: all that it shares with the extension are the contracts, their shapes and the words for groups.',
      severity: 'error',
      from: { path: PAGE },
      to: {
        pathNot: [
          PAGE,
          '^src/charts/(contract|spendContract)\\.ts$',
          '^src/(budgets|tables)/tableContract\\.ts$',
          '^src/sheets/chartContract\\.ts$',
          '^src/spend/(spendShapes|groupNames)\\.ts$',
          'node_modules/(valibot|echarts|@vscode-elements/elements)/',
        ],
      },
    },
    {
      name: 'extension-without-pages',
      severity: 'error',
      from: { path: '^src/', pathNot: PAGE },
      to: { path: PAGE },
    },
    {
      name: 'sample-without-packages',
      comment:
        'The sample service is the test bench: it must not share code with what it tests. Parquet files are no work of its own.',
      severity: 'error',
      from: { path: source('sample') },
      to: { dependencyTypes: ['npm', 'npm-dev'], pathNot: 'node_modules/hyparquet-writer/' },
    },
    {
      name: 'known-folders',
      comment: 'A folder that the table of layers does not name.',
      severity: 'error',
      from: { path: '^src/', pathNot: any([...Object.keys(LAYERS), 'extension.ts']) },
      to: {},
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-tests-in-source', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^test/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
