import {
  type Assignments,
  type Claim,
  type ClaimRequest,
  type ClaimRow,
  EVERY,
  isIn,
  microsOf,
  type PauseRequest,
  type TurnOutcome,
  type TurnProgress,
  TurnRules,
} from '@jobsweep/core';

type Refused = ReturnType<TurnRules['refusal']>;

const TWO_MINUTES = 120_000_000n;

/** The row without an end of its turn: as if it had been given back. */
const givenBack = (row: ClaimRow): ClaimRow => ({ ...row, holder: null });

export class LapsesEarly extends TurnRules {
  override isLapsed(row: ClaimRow) {
    return super.isLapsed({ ...row, clock: row.clock + TWO_MINUTES });
  }
}

export class LapsesByOwnClock extends TurnRules {
  override isLapsed(row: ClaimRow) {
    return super.isLapsed({ ...row, clock: microsOf(new Date()) });
  }
}

export class NeverLapses extends TurnRules {
  override isLapsed() {
    return false;
  }
}

export class AlwaysDue extends TurnRules {
  override isFree(now: bigint, request: ClaimRequest) {
    return super.isFree(now, { ...request, notWithinSeconds: 0 });
  }
  override refusal(row: ClaimRow, request: ClaimRequest): Refused {
    return super.refusal(row, { ...request, notWithinSeconds: 0 });
  }
}

export class LapsedIsNotDue extends TurnRules {
  override refusal(row: ClaimRow, request: ClaimRequest): Refused {
    return super.refusal(this.isLapsed(row) ? givenBack(row) : row, request);
  }
}

export class OwnIsNotDue extends TurnRules {
  override refusal(row: ClaimRow, request: ClaimRequest): Refused {
    return super.refusal(row.holder === request.holder ? givenBack(row) : row, request);
  }
}

export class FirstTermAlways extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    return { ...super.begun(request), term: { value: 1 } };
  }
}

export class NeverBegun extends TurnRules {
  override begun(request: ClaimRequest): Assignments {
    return { ...super.begun(request), started_at: { value: null } };
  }
}

export class AnybodysTurn extends TurnRules {
  override isTurnOf() {
    return EVERY;
  }
}

export class TurnOfHolder extends TurnRules {
  override isTurnOf({ holder }: Pick<Claim, 'holder'>) {
    return isIn('holder', [holder]);
  }
}

export class FinishedAlways extends TurnRules {
  override ended({ empty }: TurnOutcome) {
    return super.ended({ empty });
  }
}

export class NeverUsedUp extends TurnRules {
  override used(): Assignments {
    // A statement that writes nothing is none.
    return { approved_rows: { increment: 0 } };
  }
}

export class PausesNewTurnsAlone extends TurnRules {
  override pause(row: ClaimRow) {
    return row.holder === null ? super.pause(row) : undefined;
  }
}

export class PausesForEver extends TurnRules {
  override paused({ forSeconds: _ignored, ...request }: PauseRequest) {
    return super.paused(request);
  }
}

export class RemembersStops extends TurnRules {
  override ended({ trippedRows, ...outcome }: TurnOutcome): Assignments {
    const { tripped_rows: _stopped, ...rest } = super.ended(outcome);
    return { ...rest, ...(trippedRows !== undefined && { tripped_rows: { value: trippedRows } }) };
  }
}

export class CountsEmptyOn extends TurnRules {
  override ended(outcome: TurnOutcome): Assignments {
    return { ...super.ended(outcome), empty_passes: { increment: outcome.empty ? 1 : 0 } };
  }
}

export class KeepsItsTerm extends TurnRules {
  override advanced(claim: Claim, progress: TurnProgress | undefined): Assignments {
    const { expires_at: _end, ...rest } = super.advanced(claim, progress);
    // A statement that writes nothing is none.
    return { ...rest, term: { increment: 0 } };
  }
}
