package io.aisle.training;

import io.aisle.training.Checkpoint.ScaleState;

/**
 * What the loss is multiplied by before its gradient is taken, and the gradient divided by after: float16 has no numbers for small
 * gradients (Micikevicius et al. 2018, section 3.2). It is halved where a gradient overflows, and that step is left out; it is doubled
 * after many steps without one. In float32 it is 1.
 */
final class LossScale {
    private static final float FIRST = 65_536;
    private static final int STEPS_TO_GROW = 2_000;

    private final boolean isVariable;
    private float factor;
    private int steps;

    LossScale(Precision precision) {
        isVariable = precision == Precision.FLOAT16;
        factor = isVariable ? FIRST : 1;
    }

    float factor() {
        return factor;
    }

    /** Whether a gradient that is not finite may be so for the factor's sake. */
    boolean canShrink() {
        return isVariable && factor > 1;
    }

    /** After a step whose gradient was not finite. */
    void shrink() {
        factor /= 2;
        steps = 0;
    }

    /** After a step whose gradient was finite. */
    void grow() {
        steps++;
        if (isVariable && steps == STEPS_TO_GROW) {
            factor *= 2;
            steps = 0;
        }
    }

    ScaleState state() {
        return new ScaleState(factor, steps);
    }

    void restore(ScaleState state) {
        factor = state.factor();
        steps = state.steps();
    }
}
