// Reads lines {schema, message} and writes for each line what is wrong with the message: an empty line when nothing is.
//   node validate.js FOLDER_OF_SCHEMAS
'use strict';
const Ajv = require('ajv/dist/2020');
const addFormats = require('ajv-formats');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.argv[2];
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
addFormats(ajv);
for (const file of readdirSync(folder)) {
  ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')), file);
}
for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { schema, message } = JSON.parse(line);
  const validate = ajv.getSchema(`${schema}.json`);
  console.log(validate(message) ? '' : ajv.errorsText(validate.errors));
}
