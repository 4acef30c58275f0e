import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from './run.mjs';

/**
 * The public API of the built packages, one report for each entry: every export with its signature, so that a change of it is seen in review.
 * Gives texts by the path of the report.
 */
export function apiReports(packages) {
  const work = join(root, 'node_modules/.cache/realops/api');
  rmSync(work, { recursive: true, force: true });
  const files = new Map();
  for (const { folder, entries } of packages) {
    const configs = entries.map((entry) => configOf(folder, entry, work));
    const compilerState = CompilerState.create(configs[0], { additionalEntryPoints: configs.slice(1).map(({ mainEntryPointFilePath }) => mainEntryPointFilePath) });
    for (const [index, config] of configs.entries()) {
      const name = `${folder}/api/${entries[index]}.api.md`;
      mkdirSync(config.reportFolder, { recursive: true });
      if (existsSync(join(root, name))) cpSync(join(root, name), config.reportFilePath);
      const wrong = [];
      const messageCallback = (message) => {
        message.handled = true;
        if (message.logLevel === 'error') wrong.push(message.text);
      };
      Extractor.invoke(config, { localBuild: true, compilerState, messageCallback });
      if (wrong.length > 0) throw new Error(`${folder} ${entries[index]}: ${wrong.join('\n')}`);
      files.set(name, readFileSync(config.reportFilePath, 'utf8').replaceAll('\r\n', '\n'));
    }
  }
  return files;
}

function configOf(folder, entry, work) {
  const project = join(root, folder);
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(project, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: join(project, `dist/${entry}.d.ts`),
      compiler: { overrideTsconfig: { compilerOptions: { target: 'ES2023', module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2023', 'ESNext.Disposable'], types: ['node'], skipLibCheck: true, strict: true }, include: ['dist/*.d.ts'] } },
      apiReport: { enabled: true, reportFolder: join(work, folder, entry), reportTempFolder: join(work, folder, entry, 'temp'), reportFileName: `${entry}.api.md` },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}
