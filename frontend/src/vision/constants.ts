import constants from "../generated/constants.json";

/** What the server's pipeline uses, by Python module; written by frontend/constants.py. */
export const C = constants;
export const EMOTIONS: readonly string[] = constants.labels.EMOTIONS;
export const NEUTRAL = constants.expressions.NEUTRAL;
