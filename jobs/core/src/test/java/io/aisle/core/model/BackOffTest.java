package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.model.Prediction.Candidate;
import io.aisle.core.product.CategoryPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BackOffTest {
    /** Of different depths; Shoes > Running is a label and above one, and Sport has a category of the same name as a root. */
    private static final List<CategoryPath> LABELS = List.of(
            CategoryPath.of("Shoes", "Running", "Trail"),
            CategoryPath.of("other"),
            CategoryPath.of("Shoes", "Running"),
            CategoryPath.of("Sport", "Shoes"),
            CategoryPath.of("Shoes", "other"),
            CategoryPath.of("Shoes", "Running", "Track"));

    private static final float[] PROBABILITIES = {0.25f, 0.0625f, 0.1875f, 0.125f, 0.25f, 0.125f};

    @Test
    void addsUpTheLabelsOfACategoryAndTheCategoryItself() {
        CategoryPath running = CategoryPath.of("Shoes", "Running");

        assertThat(backOff(0, 0.25)).contains(new Candidate(LABELS.get(0), 0.25f));
        assertThat(backOff(0, 0.26)).contains(new Candidate(running, 0.5625f));
        assertThat(backOff(0, 0.5625)).contains(new Candidate(running, 0.5625f));
        assertThat(backOff(0, 0.6)).contains(new Candidate(CategoryPath.of("Shoes"), 0.8125f));
        assertThat(backOff(0, 0.82)).isEmpty();
    }

    @Test
    void labelThatIsAboveOthersIsACategoryToo() {
        assertThat(backOff(2, 0.5)).contains(new Candidate(CategoryPath.of("Shoes", "Running"), 0.5625f));
    }

    @Test
    void categoryOfTheSameNameElsewhereIsAnother() {
        assertThat(backOff(3, 0.2)).isEmpty();
        assertThat(backOff(1, 0.2)).isEmpty();
    }

    @Test
    void noneIsEverBackedOffTo() {
        assertThat(BackOff.none().deepest(0, PROBABILITIES, 0)).isEmpty();
    }

    @Test
    void ofAnyTreeTheAnswerIsTheDeepestCategoryThatPassesAndIsCoherent() {
        Random random = new Random(17);
        for (int round = 0; round < 2_000; round++) {
            List<CategoryPath> labels = randomLabels(random);
            float[] probabilities = randomProbabilities(random, labels.size());
            double threshold = random.nextDouble() * 1.1;
            BackOff backOff = BackOff.of(labels);
            int likeliest = Prediction.mostProbable(probabilities, 1)[0];

            Prediction prediction = Prediction.of(labels, probabilities, threshold, 1, backOff);

            assertThat(prediction.decision() == Decision.ACCEPTED).isEqualTo(prediction.confidence() >= threshold);
            assertThat(prediction.category().holds(labels.get(likeliest))).isTrue();
            assertThat(prediction.top().get(0).category()).isEqualTo(labels.get(likeliest));
            CategoryPath label = labels.get(likeliest);
            float below = 0;
            boolean isFound = probabilities[likeliest] >= threshold;
            for (int depth = label.depth(); depth >= 1; depth--) {
                CategoryPath category = label.cut(depth);
                Candidate known = backOff.deepest(likeliest, probabilities, 0).orElseThrow();
                double expected = mass(category, labels, probabilities);
                assertThat(known.category()).isEqualTo(label);
                // at a threshold that only this category and those above it reach
                Optional<Candidate> found = backOff.deepest(likeliest, probabilities, expected - 1e-6);
                assertThat(found.orElseThrow().confidence()).isEqualTo((float) expected, within(2e-6f));
                assertThat(found.get().confidence()).isGreaterThanOrEqualTo(below - 2e-6f);
                below = found.get().confidence();
                if (!isFound && Math.abs(expected - threshold) > 1e-6 && expected >= threshold) {
                    isFound = true;
                    assertThat(prediction.category()).isEqualTo(category);
                    assertThat(prediction.decision()).isEqualTo(Decision.ACCEPTED);
                }
            }
        }
    }

    private static double mass(CategoryPath category, List<CategoryPath> labels, float[] probabilities) {
        double mass = 0;
        for (int label = 0; label < probabilities.length; label++) {
            mass += category.holds(labels.get(label)) ? probabilities[label] : 0;
        }
        return mass;
    }

    /** Few names, so that many labels are in, or above, others. */
    private static List<CategoryPath> randomLabels(Random random) {
        TreeSet<CategoryPath> labels = new TreeSet<>();
        int count = 1 + random.nextInt(25);
        for (int i = 0; i < count; i++) {
            List<String> names = new ArrayList<>();
            int depth = 1 + random.nextInt(4);
            while (names.size() < depth) {
                names.add("abc".charAt(random.nextInt(3)) + (random.nextBoolean() ? " x" : ""));
            }
            labels.add(new CategoryPath(names));
        }
        List<CategoryPath> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static float[] randomProbabilities(Random random, int labels) {
        float[] logits = new float[labels];
        for (int label = 0; label < labels; label++) {
            logits[label] = (float) (3 * random.nextGaussian());
        }
        return Softmax.of(logits);
    }

    private static Optional<Candidate> backOff(int label, double threshold) {
        return BackOff.of(LABELS).deepest(label, PROBABILITIES, threshold);
    }
}
