import type { Problem } from '../../src/run/events.ts';

/** An address that another device holds already. */
export const STEP_REFUSED: Problem = {
  code: 'apply.step-refused',
  host: 'router-b',
  message: 'the host refused a step',
  hint: 'Another device of router-b holds 10.10.10.1 already: `ip address show to 10.10.10.1` names it. Remove it there, or choose another address in the inventory.',
  step: 'address 10.10.10.1 peer 10.10.10.2 on gre1',
  command: 'ip address add 10.10.10.1 peer 10.10.10.2 dev gre1',
  words: 'RTNETLINK answers: File exists',
};
