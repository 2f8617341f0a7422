// Whether docs/asyncapi.json is an AsyncAPI document, by the parser of those who define it:
//   node asyncapi_test.mjs NODE_MODULES FILE
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, file] = process.argv.slice(2);
const { Parser } = createRequire(modules + '/')('@asyncapi/parser');
const text = readFileSync(file, 'utf8');

const errorsOf = async (source) =>
  (await new Parser().parse(source)).diagnostics.filter((found) => found.severity === 0);

const errors = await errorsOf(text);
for (const error of errors) console.log(`${error.path.join('.')}: ${error.message}`);
if (errors.length > 0) process.exit(1);

// And that this can fail.
const broken = JSON.parse(text);
broken.operations['publish-registry'].action = 'shout';
delete broken.info.title;
if ((await errorsOf(JSON.stringify(broken))).length < 2) {
  console.log('a document with an unknown action and no title passed');
  process.exit(1);
}
console.log('valid');
