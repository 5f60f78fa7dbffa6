import { presets } from '@jobsweep/core';

export const FINISHED = "('COMPLETED', 'FAILED', 'CANCELLED')";
export const UNRELEASED = "('RESERVED', 'ALLOCATED')";
export const { stuckJobError: STUCK_ERROR, staleReservationError: STALE_ERROR } = presets.en;
