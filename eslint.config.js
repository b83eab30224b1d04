import ts from 'typescript';
import tseslint from 'typescript-eslint';

/** What the compiler finds, out of the program that the other rules have loaded anyway: no second one has to be. */
const compiler = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program: () => {
      const { program } = context.sourceCode.parserServices;
      const file = program.getSourceFile(context.filename);
      for (const { start = 0, messageText } of program.getSemanticDiagnostics(file)) {
        const { line, character } = file.getLineAndCharacterOfPosition(start);
        const message = ts.flattenDiagnosticMessageText(messageText, '\n');
        context.report({ loc: { line: line + 1, column: character }, message });
      }
    },
  }),
};

export default tseslint.config(
  { ignores: ['node_modules', 'results', 'coverage'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { types: { rules: { compiler } } },
    rules: {
      'types/compiler': 'error',
      // Numbers in messages are what this suite is about.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
