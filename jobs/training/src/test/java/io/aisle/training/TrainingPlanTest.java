package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
    private static final LearningRates RATES = new LearningRates(1e-3, 1e-3, 1, 0.1);

    @Test
    void refusesAllBadValuesTogether() {
        assertThatThrownBy(() -> new TrainingPlan(0, 0, 0, RATES, -2, -0.1, 1, 0, 0, Precision.FLOAT32, 1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: epochs: found 0, expected at least 1;"
                        + " batch size: found 0, expected at least 1;"
                        + " accumulation: found 0, expected at least 1;"
                        + " unfrozen layers: found -2, expected at least 0, or all;"
                        + " weight decay: found -0.1, expected a number of at least 0;"
                        + " dropout: found 1.0, expected at least 0 and under 1;"
                        + " max gradient norm: found 0.0, expected a number above 0;"
                        + " patience: found 0, expected at least 1");
    }

    @Test
    void refusesLossesThatAreNone() {
        assertThatThrownBy(() -> new ClassificationLoss(1, ClassWeights.NONE, 0, 1.5))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot train: label smoothing: found 1.0, expected at least 0 and under 1;"
                        + " teacher temperature: found 0.0, expected a number above 0;"
                        + " teacher share: found 1.5, expected 0 to 1");
    }

    @Test
    void namesWhichLayersAreTrained() {
        String top = "distilbert.transformer.layer.5.ffn.lin1.weight";
        String below = "distilbert.transformer.layer.4.ffn.lin1.weight";
        String words = "distilbert.embeddings.word_embeddings.weight";
        String head = "classifier.weight";

        assertThat(WeightNames.isUnfrozen(head, 6, 0)).isTrue();
        assertThat(WeightNames.isUnfrozen(top, 6, 0)).isFalse();
        assertThat(WeightNames.isUnfrozen(top, 6, 1)).isTrue();
        assertThat(WeightNames.isUnfrozen(below, 6, 1)).isFalse();
        assertThat(WeightNames.isUnfrozen(words, 6, 6)).isFalse();
        assertThat(WeightNames.isUnfrozen(words, 6, TrainingPlan.ALL)).isTrue();
    }
}
