// The answer on its way: signals add to it, events begin, withdraw and end it.

import type { State, Writing } from "./state";
import type { Signal } from "./wire";

type OfAnswer = Extract<Signal, { turn: number }>;
interface Place {
  readonly turn: number;
  readonly attempt: number;
}

/** An attempt begins: what the one before had written is withdrawn. */
export function cutOff(state: State, place: Place): Partial<State> {
  const { writing } = state;
  if (place.turn <= state.turnOver || (writing && !isBefore(writing, place))) return {};
  return { writing: begun(place) };
}

/** A turn is over, answered or not: what was written of it leaves the screen. */
export function ended(state: State, { turn }: { readonly turn: number }): Partial<State> {
  const isOver = state.writing && state.writing.turn <= turn;
  return { turnOver: Math.max(state.turnOver, turn), writing: isOver ? null : state.writing };
}

/** The answer after a signal. Signals may overtake events or come too late: the place in the turn decides. */
export function written(state: State, signal: OfAnswer): State {
  const { writing } = state;
  if (signal.turn <= state.turnOver || (writing && isBefore(signal, writing))) return state;
  const current = writing && !isBefore(writing, signal) ? writing : begun(signal);
  return {
    ...state,
    writing: signal.type === "working" ? { ...current, working: signal.name } : longer(current, signal),
  };
}

function longer(writing: Writing, signal: Exclude<OfAnswer, { type: "working" }>): Writing {
  const pieces = [...signal.text];
  if (signal.offset > writing.chars) return { ...writing, isBroken: true };
  if (signal.offset + pieces.length < writing.chars) return writing;
  const text = writing.text + pieces.slice(writing.chars - signal.offset).join("");
  const working = (signal.type === "partial" && signal.working) || null;
  return { ...writing, text, chars: signal.offset + pieces.length, working, isBroken: false };
}

function begun({ turn, attempt }: Place): Writing {
  return { turn, attempt, text: "", chars: 0, working: null, isBroken: false };
}

function isBefore(one: Place, other: Place): boolean {
  return one.turn < other.turn || (one.turn === other.turn && one.attempt < other.attempt);
}
