package io.aisle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aisle.core.product.Product;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistilBertClassifierTest {
    @TempDir
    private static Path directory;

    private static Classifier classifier;

    @BeforeAll
    static void openClassifier() {
        classifier =
                TinyBundle.finish(TinyBundle.write(directory.resolve("bundle"))).classifier(1);
    }

    @AfterAll
    static void closeClassifier() {
        classifier.close();
    }

    @Test
    void answersInTheOrderOfTheProducts() {
        List<Product> products = products(100, 5);

        List<float[]> together = classifier.probabilities(products);

        assertThat(together).hasSameSizeAs(products);
        for (int i = 0; i < products.size(); i++) {
            float[] alone = classifier.probabilities(List.of(products.get(i))).get(0);
            assertThat(together.get(i)).as("product %d", i).containsExactly(alone, within(1e-5f));
        }
    }

    @Test
    void probabilitiesSumToOne() {
        for (float[] row : classifier.probabilities(products(50, 6))) {
            double sum = 0;
            for (float probability : row) {
                assertThat(probability).isBetween(0f, 1f);
                sum += probability;
            }
            assertThat(row).hasSize(TinyBundle.LABELS.size());
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void runsTheNetworkOnceForProductsOfTheSameTokens() {
        Product lamp = TinyBundle.product("lamp", "");
        Product sameLamp = new Product("another id", "lamp", "", "", "");
        Product drill = TinyBundle.product("drill", "");

        List<float[]> logits = classifier.logits(List.of(lamp, drill, sameLamp));

        assertThat(logits.get(2)).isSameAs(logits.get(0)).isNotSameAs(logits.get(1));
        assertThat(logits.get(1)).isNotEqualTo(logits.get(0));
    }

    @Test
    void productWithoutTextMovesNoOtherAnswer() {
        Product lamp = TinyBundle.product("lamp", "");
        Product drill = TinyBundle.product("drill", "tea, tea");
        Product empty = TinyBundle.product("", "");

        List<float[]> without = classifier.probabilities(List.of(lamp, drill));
        List<float[]> with = classifier.probabilities(List.of(lamp, empty, drill));

        assertThat(with).hasSize(3);
        assertThat(with.get(0)).containsExactly(without.get(0), within(1e-5f));
        assertThat(with.get(2)).containsExactly(without.get(1), within(1e-5f));
    }

    @Test
    void answersNothingForNoProduct() {
        assertThat(classifier.probabilities(List.of())).isEmpty();
    }

    @Test
    void answersThreadsAtOnceAsOneAfterTheOther() throws Exception {
        List<List<Product>> lists = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            lists.add(products(30, i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<float[]>>> answers = new ArrayList<>();
            for (List<Product> list : lists) {
                answers.add(threads.submit(() -> classifier.probabilities(list)));
            }
            for (int i = 0; i < lists.size(); i++) {
                List<float[]> alone = classifier.probabilities(lists.get(i));
                for (int j = 0; j < alone.size(); j++) {
                    assertThat(answers.get(i).get().get(j)).containsExactly(alone.get(j));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Titles of one to eight words, of which many are alike. */
    private static List<Product> products(int count, long seed) {
        String[] words = {"lamp", "drill", "tea", "bag", "12", "wi-fi"};
        Random random = new Random(seed);
        List<Product> products = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder title = new StringBuilder();
            for (int word = random.nextInt(8); word >= 0; word--) {
                title.append(words[random.nextInt(words.length)]).append(' ');
            }
            products.add(TinyBundle.product(title.toString().strip(), ""));
        }
        return products;
    }
}
