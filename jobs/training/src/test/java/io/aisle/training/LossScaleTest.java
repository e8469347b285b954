package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossScaleTest {
    @Test
    void isHalvedByAnOverflowAndDoubledAfterManyStepsWithoutOne() {
        LossScale scale = new LossScale(Precision.FLOAT16);
        assertThat(scale.factor()).isEqualTo(65_536);
        grow(scale, 1_999);
        scale.shrink();
        assertThat(scale.factor()).isEqualTo(32_768);
        grow(scale, 1_999);
        assertThat(scale.factor()).isEqualTo(32_768);
        grow(scale, 1);
        assertThat(scale.factor()).isEqualTo(65_536);
        assertThat(scale.canShrink()).isTrue();
    }

    @Test
    void goesOnFromItsState() {
        LossScale scale = new LossScale(Precision.FLOAT16);
        scale.shrink();
        grow(scale, 1_500);
        LossScale restored = new LossScale(Precision.FLOAT16);

        restored.restore(scale.state());
        grow(restored, 500);

        assertThat(restored.factor()).isEqualTo(65_536);
    }

    @Test
    void doesNotGoBelow1WhereAnOverflowIsNoFaultOfItsOwn() {
        LossScale scale = new LossScale(Precision.FLOAT16);
        int halvings = 0;
        while (scale.canShrink()) {
            scale.shrink();
            halvings++;
        }

        assertThat(halvings).isEqualTo(16);
        assertThat(scale.factor()).isEqualTo(1);
    }

    @Test
    void is1InFloat32() {
        LossScale scale = new LossScale(Precision.FLOAT32);
        grow(scale, 5_000);

        assertThat(scale.factor()).isEqualTo(1);
        assertThat(scale.canShrink()).isFalse();
    }

    private static void grow(LossScale scale, int steps) {
        for (int i = 0; i < steps; i++) {
            scale.grow();
        }
    }
}
