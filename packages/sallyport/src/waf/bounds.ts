/** How much is done for rule sets before they judge. Nothing here meets hostile input: that is bounded by the engine and the edge. */

/** How long warming up may take in all, however slow the machine or large the rule sets: an edge that starts late is down. */
export const warmTimeMaxMs = 1000

/** Rounds of all samples: V8 makes machine code of what ran some dozens of times, and further rounds were measured to gain nothing. */
export const warmRoundsMax = 12
