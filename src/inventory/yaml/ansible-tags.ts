import type { ScalarTag, Tags } from 'yaml';
import { readAsPyYaml } from './pyyaml.ts';

/** Ansible reads YAML 1.1, where these words are booleans (PyYAML's resolver); YAML 1.2 would keep them as text. */
const YES_AND_NO: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|on)$/i.test(text),
};

/** 1.1 reads `010` as eight and 1.2 as ten: kept as text, so that a field that wants a number refuses it. */
const LEADING_ZERO: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^[-+]?0[0-9]+$/,
  resolve: (text) => text,
};

const TEXT_TAGS: readonly ScalarTag[] = ['!env', '!file', '!vault', '!unsafe'].map((tag) => ({ tag, resolve: (text) => text }));

/** `!!int "3"` and `!!float "2"`: what is written must be a number of any kind. */
const NUMBER_TAGS: readonly ScalarTag[] = ['int', 'float'].map((name) => ({
  tag: `tag:yaml.org,2002:${name}`,
  resolve: (text, onError) => {
    const value = readAsPyYaml(text);
    if (typeof value !== 'number') onError(`«${text}» is no number`);
    return value;
  },
}));

/** YAML 1.2 with what Ansible's inventories add to it, and `!env` and `!file`. */
export function ansibleTags(tags: Tags): Tags {
  return [LEADING_ZERO, YES_AND_NO, ...tags, ...TEXT_TAGS, ...NUMBER_TAGS];
}
