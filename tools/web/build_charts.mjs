// Bundles the parts of Apache ECharts that the report page needs, with their licences, into the
// folder that is given. The same packages give the same bytes. Called by make_charts.sh.
import {copyFileSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const assets = process.argv[2];
const packageFile = (...parts) => join(here, 'node_modules', ...parts);
const versionOf = name => JSON.parse(readFileSync(packageFile(name, 'package.json'))).version;

// Every page that carries the script carries these with it.
const notices = [
  `Apache ECharts ${versionOf('echarts')}, under the Apache License 2.0 ` +
      '(https://www.apache.org/licenses/LICENSE-2.0), a selection of its parts, minified.',
  readFileSync(packageFile('echarts', 'NOTICE'), 'utf8'),
  `It contains zrender ${versionOf('zrender')}:`,
  readFileSync(packageFile('zrender', 'LICENSE'), 'utf8'),
  'and parts of d3:',
  readFileSync(packageFile('echarts', 'licenses', 'LICENSE-d3'), 'utf8'),
  `and tslib ${versionOf('tslib')}, Copyright (c) Microsoft Corporation, under the 0BSD licence.`,
].map(text => text.trim()).join('\n\n');
if (/\*\/|<\/script/i.test(notices)) throw new Error('A notice ends its comment.');

await build({
  entryPoints: [join(here, 'echarts_parts.js')],
  outfile: join(assets, 'echarts.min.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'echarts',
  target: 'es2020',
  charset: 'ascii',
  legalComments: 'none',
  define: {'process.env.NODE_ENV': '"production"'},
  banner: {js: `/*!\n${notices}\n*/`},
});

for (const [from, to] of [
       [['echarts', 'LICENSE'], 'LICENSE'], [['echarts', 'NOTICE'], 'NOTICE'],
       [['echarts', 'licenses', 'LICENSE-d3'], 'LICENSE-d3'],
       [['zrender', 'LICENSE'], 'LICENSE-zrender'], [['tslib', 'LICENSE.txt'], 'LICENSE-tslib'],
     ]) {
  copyFileSync(packageFile(...from), join(assets, to));
}
