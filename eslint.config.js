import tseslint from 'typescript-eslint';

const SOURCES = 'packages/*/src/**/*.ts';
const TESTS = ['**/*.test.ts', '**/test/**/*.ts', '**/fixtures/**/*.ts', '**/support.ts', '**/sample-run.ts', 'test/**/*.ts', 'examples/assistant/src/testing.ts'];

/** What library code may not take from the process: only cli/bin.ts touches it. */
const AMBIENT = ['console', 'process'].map((name) => ({ name, message: 'Clock, env, output and randomness are parameters; only cli/bin.ts touches the process.' }));
const AMBIENT_CALLS = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Take the clock as a parameter.' },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: 'Take the clock as a parameter.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the clock as a parameter.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take randomness as a parameter.' },
  { selector: "ImportDeclaration[source.value=/^(node:)?process$/]", message: 'Only cli/bin.ts touches the process.' },
];
const SHAPES = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
];
const ASSERTION = { selector: "TSAsExpression:not([typeAnnotation.typeName.name='const'])", message: 'Narrow the type, or name the seam in eslint.config.js.' };

/** The seams: where text, YAML, JSON or a foreign library becomes typed. Nowhere else may `as` overrule the compiler. */
const SEAMS = [
  'packages/core/src/actions/knob/{access,format/json}.ts',
  'packages/core/src/cli/plugin-commands.ts',
  'packages/core/src/events/read-log.ts',
  'packages/core/src/expression/{compile,direct,functions}.ts',
  'packages/core/src/load/{ask-action,compile,draft,editor,environment,plugins,registry,steps}.ts',
  'packages/core/src/model/knob-access.ts',
  'packages/core/src/privacy/redact.ts',
  'packages/core/src/remedy/ledger.ts',
  'packages/core/src/run/action-context.ts',
  'packages/core/src/run/{attempt,evidence,recompute,stream}.ts',
  'packages/core/src/late/late.ts',
  'packages/core/src/schema/validate.ts',
  'packages/core/src/steps/http/{exchange,parse}.ts',
  'packages/core/src/steps/ws/message.ts',
  'packages/core/src/testing/{contract,run-command}.ts',
  'packages/plugin-voice/src/{calibrate/run-step,converse/recompute,overlap/diariser,protocols/custom,synthesize/fetch,transcribe/prepare}.ts',
];

/** Each of these libraries is used in one place, so that it can be replaced there; some are loaded there through `late`. Types of it may be named elsewhere. */
const HOMES = { ajv: 'packages/core/src/schema/validate.ts', jsonata: 'packages/core/src/expression/compile.ts', nodemailer: 'packages/core/src/notifiers/email.ts', pino: 'packages/core/src/cli/logger.ts', yaml: 'packages/{core/src/yaml/*,plugin-voice/src/corpus/yaml-file}.ts' };
const elsewhere = (own) => Object.keys(HOMES).filter((name) => name !== own).map((name) => ({ name, allowTypeImports: true, message: `${name} is imported in ${HOMES[name]} only.` }));
const imports = (own) => ({ '@typescript-eslint/no-restricted-imports': ['error', { paths: elsewhere(own) }] });
const syntax = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules.flat()] });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'packages/core/test/broken/suites/**', 'examples/custom-plugin/**', 'examples/embed-in-vitest/**', 'runs/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      // `return write(text), EXIT.healthy` says in one line what is done on the way out.
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Texts are spread into code points on purpose; event names are open unions, spelt out for readers; flow analysis does not see what closures change.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Interfaces declare methods in the short form; none of ours uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `Promise<void>` beside an output type, and an async function that satisfies an interface without waiting, are honest.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: [SOURCES], rules: { ...syntax(SHAPES, AMBIENT_CALLS, ASSERTION), ...imports(undefined), 'no-restricted-globals': ['error', ...AMBIENT] } },
  { files: SEAMS, rules: syntax(SHAPES, AMBIENT_CALLS) },
  ...Object.entries(HOMES).map(([name, file]) => ({ files: [file], rules: imports(name) })),
  // The default export of a plugin's index is how a suite finds it.
  { files: ['packages/plugin-*/src/index.ts'], rules: syntax(AMBIENT_CALLS, ASSERTION) },
  // The clock itself, and the process itself.
  { files: ['packages/core/src/time/clock.ts', 'packages/core/src/cli/bin.ts'], rules: { ...syntax(SHAPES, ASSERTION), 'no-restricted-globals': 'off' } },
  // The clock of a thread, whom the engine's does not reach.
  { files: ['packages/plugin-voice/src/load/worker-clock.ts'], rules: syntax(SHAPES, ASSERTION) },
  // The process table, for actions that signal and restart services.
  { files: ['packages/core/src/actions/system/processes.ts'], rules: syntax(SHAPES, ASSERTION) },
  { files: ['packages/core/src/time/clock.ts', 'packages/core/src/journal/self.ts', 'packages/core/src/cli/bin.ts'], rules: { ...syntax(SHAPES, ASSERTION), 'no-restricted-globals': 'off' } },
  { files: ['**/tsup.config.ts', 'vitest.config.ts'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { parserOptions: { projectService: false } } },
  {
    files: TESTS,
    rules: {
      'no-restricted-globals': 'off',
      'no-restricted-syntax': 'off',
      // A library may stand in a test as the oracle of what we made of it.
      '@typescript-eslint/no-restricted-imports': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  { files: ['scripts/**/*.mjs', 'packages/*/src/**/*.mjs', '*.config.js'], rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'no-unused-vars': 'error', 'prefer-const': 'error', 'no-var': 'error' } },
);
