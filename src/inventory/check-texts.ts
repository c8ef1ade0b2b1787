import { problemAt, type Report } from './problem.ts';
import { knownVars } from './schema/host-schema.ts';
import { entriesOf, isTemplate, type Scalar, type Tree } from './tree.ts';

/** Values that may be secrets read late. */
const SECRET_VARS = /^ansible_((become|ssh|sudo|su|doas)_)?pass(word)?$/;

/**
 * Finds templates and late-read values where tunorch would have to take them literally.
 *
 * Variables it never reads are left alone: Ansible's inventories are full of templates for Ansible's own use.
 */
export function checkTexts(root: Tree, report: Report): void {
  for (const { key, value } of entriesOf(root)) {
    checkScalar(key, report);
    if (key.text === 'tunnels' || key.text === 'meshes') checkAll(value, report);
    else checkGroup(value, report);
  }
}

function checkGroup(group: Tree, report: Report): void {
  for (const { key: section, value } of entriesOf(group)) {
    if (section.text === 'vars') checkVars(value, report);
    for (const member of entriesOf(section.text === 'hosts' || section.text === 'children' ? value : undefined)) {
      checkScalar(member.key, report);
      if (section.text === 'hosts') checkVars(member.value, report);
      else checkGroup(member.value, report);
    }
  }
}

function checkVars(vars: Tree, report: Report): void {
  for (const { key, value } of entriesOf(vars)) {
    if (!knownVars.has(key.text) || value.kind !== 'scalar') continue;
    const isSecret = SECRET_VARS.test(key.text);
    reportReadOtherwise(value, isSecret, report);
    if (!isSecret) checkScalar(value, report);
    else if (value.tag === undefined) reportTemplate(value, report);
  }
}

function checkAll(tree: Tree, report: Report): void {
  if (tree.kind === 'scalar') checkScalar(tree, report);
  if (tree.kind === 'sequence') for (const entry of tree.entries) checkAll(entry, report);
  for (const { key, value } of entriesOf(tree)) {
    checkScalar(key, report);
    checkAll(value, report);
  }
}

function checkScalar(scalar: Scalar, report: Report): void {
  reportTemplate(scalar, report);
  if (scalar.tag !== 'env' && scalar.tag !== 'file') return;
  const hint = 'Only ansible_password and ansible_become_password may be read late. Write the value here.';
  report(problemAt(scalar, { code: 'inventory.secret-not-allowed', message: `!${scalar.tag} makes a secret, and this is none`, hint }));
}

function reportTemplate(scalar: Scalar, report: Report): void {
  if (!isTemplate(scalar)) return;
  const hint = 'Write the value itself; where the braces are meant as they are, write !unsafe before the text.';
  report(problemAt(scalar, { code: 'inventory.template', message: 'this is a Jinja template, which only Ansible can fill in', hint }));
}

/** What tunorch and Ansible would take for two different things must not decide how a host is reached. */
function reportReadOtherwise(scalar: Scalar, isSecret: boolean, report: Report): void {
  if (scalar.inAnsible === undefined) return;
  const message = isSecret
    ? 'without quotes, Ansible reads this as another value'
    : `without quotes, Ansible reads ${scalar.text} as ${scalar.inAnsible}`;
  const hint = 'Put quotes around it to keep it as it is written (YAML 1.1 has octal numbers, underscores and sixties with colons).';
  report(problemAt(scalar, { code: 'inventory.read-otherwise', message, hint }));
}
