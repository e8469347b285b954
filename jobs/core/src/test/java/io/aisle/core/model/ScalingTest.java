package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingTest {
    private static final Scaling BY_LABEL = new Scaling(2, List.of(0.5f, 3f), List.of(-1f, 0.25f));

    @Test
    void dividesThenMultipliesThenAdds() {
        assertThat(BY_LABEL.of(new float[] {4, 6})).containsExactly(0, 9.25f);
        assertThat(BY_LABEL.afterTemperature().of(new float[] {2, 3})).containsExactly(0, 9.25f);
        assertThat(Scaling.temperature(2).of(new float[] {4, 6})).containsExactly(2, 3);
    }

    @Test
    void leavesWhatItIsGiven() {
        float[] logits = {4, 6};

        BY_LABEL.of(logits);

        assertThat(logits).containsExactly(4, 6);
    }

    @Test
    void isSaidInWords() {
        assertThat(Scaling.temperature(1.23f).inWords()).isEqualTo("temperature 1.230");
        assertThat(BY_LABEL.inWords()).isEqualTo("temperature 2.000, scales 0.50 to 3.00, offsets -1.00 to 0.25");
    }

    @Test
    void refusesWhatCannotScale() {
        assertThatThrownBy(() -> Scaling.temperature(0))
                .hasMessage("Cannot scale logits: found temperature 0.0 and scales [], expected numbers above 0");
        assertThatThrownBy(() -> new Scaling(1, List.of(1f, -1f), List.of(0f, 0f)))
                .hasMessage(
                        "Cannot scale logits: found temperature 1.0 and scales [1.0, -1.0], expected numbers above 0");
        assertThatThrownBy(() -> new Scaling(1, List.of(1f), List.of()))
                .hasMessage("Cannot scale logits: found offsets [], expected 1 numbers, one a scale");
        assertThatThrownBy(() -> BY_LABEL.of(new float[3]))
                .hasMessage("Cannot scale logits: found 3, expected 2, one a label");
    }

    @Test
    void temperatureIsUndoneFromProbabilities() {
        float[] logits = {4, -1, 0.5f, -30};
        for (float temperature : new float[] {0.5f, 1, 3.5f}) {
            Scaling scaling = Scaling.temperature(temperature);

            assertThat(scaling.canBeUndone(logits.length)).isTrue();
            assertThat(scaling.undo(Softmax.of(scaling.of(logits)))).containsExactly(Softmax.of(logits), within(1e-5f));
        }
    }

    @Test
    void scalesByLabelAndVeryLowTemperaturesCannotBeUndone() {
        assertThat(new Scaling(1, List.of(1f, 2f), List.of(0f, 0f)).canBeUndone(2))
                .isFalse();
        assertThat(Scaling.temperature(0.05f).canBeUndone(3)).isFalse();
        assertThat(Scaling.temperature(0.3f).canBeUndone(10_000)).isTrue();
    }
}
