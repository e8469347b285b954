package io.aisle.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.product.Product;
import io.aisle.serving.TestBundles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MicroBatcherTest {
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    @TempDir
    private static Path folder;

    private static ServedModel model;

    /** Held by the first batch, until the test lets go of it. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private final CountDownLatch firstBatch = new CountDownLatch(1);
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void open() {
        TestBundles.linear(folder.resolve("model"), 4);
        model = ServedModel.open("model", folder.resolve("model"), Optional.empty());
    }

    @AfterAll
    static void close() {
        model.giveBack();
    }

    private MicroBatcher batcher(int queue, long timeoutNanos) {
        return new MicroBatcher(new MicroBatcher.Limits(1, 4, 0, queue, timeoutNanos), this::hold);
    }

    private void hold(int products) {
        batches.add(products);
        firstBatch.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Product> products(String... titles) {
        return IntStream.range(0, titles.length)
                .mapToObj(i -> new Product(Integer.toString(i), titles[i], "", "", ""))
                .toList();
    }

    @Test
    void scoresWhatWaitsTogetherUpToTheBatch() throws InterruptedException {
        try (MicroBatcher batcher = batcher(100, LONG)) {
            CompletableFuture<List<float[]>> first = batcher.submit(model, products("tea"));
            firstBatch.await();
            List<CompletableFuture<List<float[]>>> others = new ArrayList<>();
            for (String title : List.of("lamp", "tea", "drill", "lamp", "tea")) {
                others.add(batcher.submit(model, products(title)));
            }
            assertThat(batcher.waiting()).isEqualTo(5);
            gate.countDown();

            assertThat(first.join()).hasSize(1);
            assertThat(others.stream().map(each -> greatest(each.join().get(0))))
                    .containsExactly(0, 1, 2, 0, 1);
            assertThat(batches).containsExactly(1, 4, 1);
        }
    }

    @Test
    void cutsALargeRequestAndAnswersItInOrder() {
        gate.countDown();
        try (MicroBatcher batcher = batcher(100, LONG)) {
            List<float[]> answers = batcher.submit(
                            model, products("tea", "lamp", "drill", "tea", "lamp", "drill", "tea", "lamp", "drill"))
                    .join();

            assertThat(answers.stream().map(MicroBatcherTest::greatest)).containsExactly(1, 0, 2, 1, 0, 2, 1, 0, 2);
            assertThat(batches).containsExactly(4, 4, 1);
        }
    }

    @Test
    void givesIdleThreadsTheirShareOfARequest() {
        gate.countDown();
        MicroBatcher.Limits limits = new MicroBatcher.Limits(2, 64, 0, 100, LONG);
        try (MicroBatcher batcher = new MicroBatcher(limits, this::hold)) {
            List<float[]> answers = batcher.submit(
                            model, Collections.nCopies(40, products("tea").get(0)))
                    .join();

            assertThat(answers).hasSize(40);
            assertThat(batches).containsExactly(20, 20);
        }
    }

    @Test
    void refusesWhatFindsNoRoomWholeAndTakesWhatDoes() throws InterruptedException {
        try (MicroBatcher batcher = batcher(3, LONG)) {
            CompletableFuture<List<float[]>> scored = batcher.submit(model, products("tea"));
            firstBatch.await();
            CompletableFuture<List<float[]>> two = batcher.submit(model, products("tea", "lamp"));

            assertThatThrownBy(() -> batcher.submit(model, products("tea", "lamp")))
                    .isInstanceOf(MicroBatcher.FullException.class);
            CompletableFuture<List<float[]>> one = batcher.submit(model, products("drill"));
            gate.countDown();

            assertThat(scored.join()).hasSize(1);
            assertThat(two.join()).hasSize(2);
            assertThat(one.join()).hasSize(1);
        }
    }

    @Test
    void letsGoOfWhatWaitedTooLongWithoutScoringIt() throws InterruptedException {
        try (MicroBatcher batcher = batcher(100, 1)) {
            CompletableFuture<List<float[]>> late = batcher.submit(model, products("tea"));

            assertThatThrownBy(late::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(batches).isEmpty();
            gate.countDown();
        }
    }

    @Test
    void goesOnAfterABatchThatFailed() {
        gate.countDown();
        try (MicroBatcher batcher = batcher(100, LONG)) {
            CompletableFuture<List<float[]>> failing = batcher.submit(model, Collections.singletonList(null));

            assertThatThrownBy(failing::join).hasCauseInstanceOf(NullPointerException.class);
            assertThat(batcher.submit(model, products("tea")).join()).hasSize(1);
        }
    }

    private static int greatest(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .reduce((a, b) -> probabilities[b] > probabilities[a] ? b : a)
                .orElseThrow();
    }
}
