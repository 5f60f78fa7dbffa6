import { basename } from 'node:path';
import { visible } from '@jobsweep/core';
import { failureInWords } from '../failure.js';
import type { Looked } from '../init/look-with-config.js';
import { remarksOn, whyOf } from '../init/proposal/in-words.js';
import { isAssumed } from '../init/proposal/lines.js';
import type { Written } from '../init/write-config.js';
import type { Output } from './output.js';
import { sayPlan } from './plan.js';
import { sayProposal } from './proposal.js';
import { visibleValue } from './visible-value.js';
import { wrap } from './wrap.js';

/** What `init` did and found. */
export interface Made {
  readonly path: string;
  /** `null`: a config was there, and was left as it is. */
  readonly written: Written | null;
  readonly looked: Looked;
  /** Whether somebody has seen the proposal already, and answered. */
  readonly isAsked: boolean;
}

/** For programs. */
export function madeToJson({ path, written, looked }: Made, { words }: Output): object {
  const proposal = written?.proposal ?? null;
  return {
    config: path,
    written: written !== null,
    needs: written?.needs ?? null,
    proposal: proposal && {
      lines: proposal.lines.map((line) => ({
        path: `store.${line.path}`,
        value: line.value,
        isAssumed: isAssumed(line),
        why: whyOf(line, words.proposal),
      })),
      remarks: remarksOn(proposal, words.proposal),
    },
    withoutProposal: written?.why ?? null,
    plan: looked.plan,
    ownTables: looked.tables,
  };
}

/** For people. */
export function sayMade(output: Output, { path, written, looked, isAsked }: Made): void {
  const { style, width, words } = output;
  const name = visible(basename(path));
  const { failure, tables } = looked;
  if (written === null) output.say(words.init.wasThere(name));
  else sayWritten(output, name, written, { isAsked, failure });
  sayFound(output, looked);
  if (failure !== undefined) {
    output.say(`\n${words.init.notReachable}\n${failureInWords(failure, words)}\n\n${words.init.afterwards}`);
  } else if (tables.made !== null) {
    output.say(
      tables.made.length === 0 ? words.init.tablesThere : style('green', words.init.made(tables.made.join(', '))),
    );
    output.say(`\n${words.init.next}`);
  } else if (tables.ddl.length === 0) {
    output.say(words.init.noTables);
  } else if (isAsked && written !== null) {
    output.say(`\n${wrap(words.proposal.ownTables, width)}`);
    output.say(words.init.next);
  } else {
    output.say(`\n${style('dim', words.init.ddlTitle)}`);
    for (const statement of tables.ddl) output.say(statement.replace(/;?\s*$/, ';'));
  }
}

function sayWritten(
  output: Output,
  name: string,
  { needs, proposal, why }: Written,
  { isAsked, failure }: Pick<Made, 'isAsked'> & Pick<Looked, 'failure'>,
): void {
  const { style, width, words } = output;
  if (proposal !== null && !isAsked) {
    sayProposal(output, proposal);
  }
  output.say(style('green', words.init.wrote(name)));
  output.say(words.init.needs(needs.join(' ')));
  const assumed = proposal?.lines.filter(isAssumed).length ?? 0;
  if (assumed > 0) output.say(style('yellow', wrap(words.proposal.written(assumed, name), width)));
  // What keeps the config from being used says it as well.
  if (why !== null && failure === undefined && !isAsked) output.say(wrap(words.proposal.template(visible(why)), width));
}

function sayFound(output: Output, { plan, planFailure }: Looked): void {
  const { style, words } = output;
  if (plan !== null) {
    output.say(`\n${style('bold', words.proposal.planTitle)}`);
    sayPlan(output, visibleValue(plan));
  }
  if (planFailure !== undefined) output.say(`\n${words.proposal.noPlan}\n${failureInWords(planFailure, words)}`);
}
