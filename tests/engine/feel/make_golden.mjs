// Fills in golden.json with what @bpmn-io/feelin answers. Cases with a "reason" keep their own "expected": there the
// answer of feelin stands beside it as "feelin".
//
//   cd $(mktemp -d) && npm i @bpmn-io/feelin && cp <here>/make_golden.mjs . && node make_golden.mjs <here>/golden.json

import { readFileSync, writeFileSync } from 'node:fs';
import { evaluate } from '@bpmn-io/feelin';
import { DateTime, Duration } from 'luxon';

/** The tag of a date, time or duration, seen from how feelin writes it. */
function tagOf(text) {
  if (/^-?P/.test(text)) return '$duration';
  if (/^\d{4,}-\d\d-\d\dT/.test(text)) return '$datetime';
  return /^\d{4,}-/.test(text) ? '$date' : '$time';
}

/** A value of feelin in the spelling of the codec: tags for what JSON has no word for. */
function encoded(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : { $decimal: String(value) };
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'function' || value.constructor?.name === 'FunctionWrapper') return { $function: true };
  if (Array.isArray(value)) return value.map(encoded);
  if ('start included' in value) {
    return { $range: [value.start, value.end].map(encoded).concat(value['start included'], value['end included']) };
  }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encoded(item)]));
  }
  if (DateTime.isDateTime(value) || Duration.isDuration(value)) {
    const text = evaluate('string(v)', { v: value }).value;
    return { [tagOf(text)]: text };
  }
  throw new Error(`no spelling for ${value}`);
}

function answer(expression, context) {
  try {
    return encoded(evaluate(expression, context).value);
  } catch (error) {
    return { $error: error.message.split('\n')[0] };
  }
}

const file = process.argv[2];
const golden = JSON.parse(readFileSync(file, 'utf8'));
for (const one of golden.cases) {
  const given = answer(one.expression, golden.context);
  if (one.reason) {
    one.feelin = given;
  } else {
    one.expected = given;
  }
}
const lines = golden.cases.map((one) => '  ' + JSON.stringify(one)).join(',\n');
writeFileSync(file, `{\n "context": ${JSON.stringify(golden.context)},\n "cases": [\n${lines}\n ]\n}\n`);
