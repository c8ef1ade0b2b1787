import type { Scalar } from '../tree.ts';

type Value = Scalar['value'];

const BASES: readonly (readonly [RegExp, number])[] = [
  [/^0b([01_]+)$/, 2],
  [/^0x([0-9a-fA-F_]+)$/, 16],
  [/^0([0-7_]+)$/, 8],
  [/^(0|[1-9][0-9_]*)$/, 10],
];

const BY_SIXTY = /^[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;

const FLOAT = /^(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;

const TIMESTAMP = /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?$/;

/**
 * What Ansible makes of a text without quotes: PyYAML reads YAML 1.1, where `0644` is 420 and `12:30:45` is 45045.
 *
 * Dates and times are texts here, as `ansible-inventory` prints them; so are the infinite numbers, which JSON has not.
 */
export function readAsPyYaml(text: string): Value {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  return numberOf(text) ?? timeOf(text) ?? text;
}

function numberOf(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const size = wholeOf(digits) ?? sixtiesOf(digits) ?? (FLOAT.test(digits) && (sign === '' || digits[0] !== '.') ? Number(plain(digits)) : undefined);
  if (size === undefined) return undefined;
  return sign === '-' && size !== 0 ? -size : size;
}

function wholeOf(digits: string): number | undefined {
  for (const [form, base] of BASES) {
    const found = form.exec(digits)?.[1];
    if (found !== undefined) return Number.parseInt(plain(found), base) || 0;
  }
  return undefined;
}

function sixtiesOf(digits: string): number | undefined {
  if (!BY_SIXTY.test(digits) || (digits.startsWith('0') && !digits.includes('.'))) return undefined;
  return plain(digits)
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}

function plain(digits: string): string {
  return digits.replaceAll('_', '');
}

/** Python's isoformat; a date alone stays as it is written. */
function timeOf(text: string): string | undefined {
  const [whole, year, month, day, hour, minute, second, fraction = '', zulu, sign, zoneHour, zoneMinute = '00'] = TIMESTAMP.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const two = (digits = '') => digits.padStart(2, '0');
  const micro = fraction.slice(0, 6).padEnd(6, '0');
  const part = micro === '000000' ? '' : `.${micro}`;
  const zone = zulu === undefined ? (sign === undefined ? '' : `${sign}${two(zoneHour)}:${zoneMinute}`) : '+00:00';
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${part}${zone}`;
}
