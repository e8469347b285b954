package io.aisle.training;

/**
 * How far a training is.
 *
 * @param epoch the epoch that runs, from 1
 * @param step steps done in this epoch, of {@code steps}
 * @param loss mean training loss a row since the epoch began
 * @param rowsPerSecond training rows since the epoch began
 * @param remainingSeconds estimated time of the steps left in this and later epochs, without validation
 */
public record Progress(
        int epoch, int epochs, int step, int steps, double loss, double rowsPerSecond, double remainingSeconds) {}
