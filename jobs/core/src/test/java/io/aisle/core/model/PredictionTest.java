package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.model.Prediction.Candidate;
import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final CategoryPath A = CategoryPath.of("A");
    private static final CategoryPath B = CategoryPath.of("B");
    private static final CategoryPath C = CategoryPath.of("C");
    private static final CategoryPath D = CategoryPath.of("D");
    private static final List<CategoryPath> LABELS = List.of(A, B, C, D);

    @Test
    void acceptsConfidenceAtTheThreshold() {
        Prediction prediction = Prediction.of(LABELS, new float[] {0.125f, 0.75f, 0.0625f, 0.0625f}, 0.75, 2);

        assertThat(prediction)
                .isEqualTo(new Prediction(
                        B, 0.75f, List.of(new Candidate(B, 0.75f), new Candidate(A, 0.125f)), Decision.ACCEPTED, ""));
    }

    @Test
    void setsConfidenceUnderTheThresholdAside() {
        Prediction prediction = Prediction.of(LABELS, new float[] {0.61f, 0.2f, 0.1f, 0.09f}, 0.83, 1);

        assertThat(prediction.decision()).isEqualTo(Decision.REVIEW);
        assertThat(prediction.reason()).isEqualTo("confidence 0.61 is under the accept threshold 0.83");
    }

    @Test
    void saysTwoNearNumbersWithAsManyDecimalsAsTheyNeed() {
        Prediction prediction = Prediction.of(LABELS, new float[] {0.8299f, 0.0701f, 0.05f, 0.05f}, 0.83, 1);

        assertThat(prediction.reason()).isEqualTo("confidence 0.8299 is under the accept threshold 0.8300");
    }

    @Test
    void thresholdAboveOneAcceptsNothing() {
        Prediction prediction = Prediction.of(LABELS, new float[] {1, 0, 0, 0}, 1.001, 1);

        assertThat(prediction.decision()).isEqualTo(Decision.REVIEW);
        assertThat(prediction.reason()).isEqualTo("confidence 1.000 is under the accept threshold 1.001");
    }

    @Test
    void ordersEqualProbabilitiesByLabelIndex() {
        Prediction prediction = Prediction.of(LABELS, new float[] {0.2f, 0.3f, 0.2f, 0.3f}, 0.5, 3);

        assertThat(prediction.top()).extracting(Candidate::category).containsExactly(B, D, A);
    }

    @Test
    void listsNoMoreCandidatesThanLabels() {
        Prediction prediction = Prediction.of(LABELS, new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 0.5, 10);

        assertThat(prediction.top()).extracting(Candidate::category).containsExactly(D, C, B, A);
    }

    @Test
    void findsTheSameTopAsSortingAllLabels() {
        Random random = new Random(3);
        List<CategoryPath> labels = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            labels.add(CategoryPath.of("label " + i));
        }
        for (int round = 0; round < 50; round++) {
            float[] probabilities = new float[labels.size()];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = random.nextInt(60) / 60f;
            }
            List<CategoryPath> expected = IntStream.range(0, labels.size())
                    .boxed()
                    .sorted(Comparator.comparing(i -> -probabilities[i]))
                    .limit(5)
                    .map(labels::get)
                    .toList();

            assertThat(Prediction.of(labels, probabilities, 0.5, 5).top())
                    .extracting(Candidate::category)
                    .isEqualTo(expected);
        }
    }

    @Test
    void backsOffToTheCategoryThatIsSureEnough() {
        List<CategoryPath> labels = List.of(
                CategoryPath.of("Shoes", "Running"), CategoryPath.of("Hats"), CategoryPath.of("Shoes", "Boots"));
        float[] probabilities = {0.5f, 0.03125f, 0.46875f};

        Prediction prediction = Prediction.of(labels, probabilities, 0.92, 2, BackOff.of(labels));

        assertThat(prediction)
                .isEqualTo(
                        new Prediction(
                                CategoryPath.of("Shoes"),
                                0.96875f,
                                List.of(
                                        new Candidate(CategoryPath.of("Shoes", "Running"), 0.5f),
                                        new Candidate(CategoryPath.of("Shoes", "Boots"), 0.46875f)),
                                Decision.ACCEPTED,
                                "confidence 0.50 of Shoes > Running is under the accept threshold 0.92; all of Shoes has 0.97"));
    }

    @Test
    void setsAsideWhatNoCategoryIsSureEnoughOf() {
        List<CategoryPath> labels = List.of(
                CategoryPath.of("Shoes", "Running"), CategoryPath.of("Hats"), CategoryPath.of("Shoes", "Boots"));
        float[] probabilities = {0.5f, 0.25f, 0.25f};

        assertThat(Prediction.of(labels, probabilities, 0.92, 2, BackOff.of(labels)))
                .isEqualTo(Prediction.of(labels, probabilities, 0.92, 2));
    }

    @Test
    void doesNotBackOffFromWhatIsSureEnough() {
        List<CategoryPath> labels = List.of(CategoryPath.of("Shoes", "Running"), CategoryPath.of("Shoes", "Boots"));
        float[] probabilities = {0.9375f, 0.0625f};

        assertThat(Prediction.of(labels, probabilities, 0.92, 2, BackOff.of(labels)))
                .isEqualTo(Prediction.of(labels, probabilities, 0.92, 2));
    }

    @Test
    void refusesNan() {
        assertThatThrownBy(() -> Prediction.of(LABELS, new float[] {0.5f, Float.NaN, 0, 0}, 0.5, 1))
                .hasMessage("Cannot predict: found probability NaN for label 1, expected 0 to 1");
    }

    @Test
    void refusesAnotherNumberOfProbabilities() {
        assertThatThrownBy(() -> Prediction.of(LABELS, new float[3], 0.5, 1))
                .hasMessage("Cannot predict: found 3 probabilities, expected one for each of 4 labels");
    }

    @Test
    void refusesTopOfNothing() {
        assertThatThrownBy(() -> Prediction.of(LABELS, new float[4], 0.5, 0))
                .hasMessage("Cannot predict: found top size 0, expected at least 1");
    }
}
