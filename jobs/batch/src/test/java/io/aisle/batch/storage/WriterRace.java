package io.aisle.batch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers that have all read the same version of one object: of each round exactly one wins, and its content is what stands there. */
public final class WriterRace {
    private static final String KEY = "CURRENT";

    private WriterRace() {}

    /** Runs the rounds, the first of which starts without an object. */
    public static void run(ObjectStore store, int writers, int rounds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            for (int round = 0; round < rounds; round++) {
                String expected =
                        round == 0 ? null : store.read(KEY).orElseThrow().tag();
                CyclicBarrier start = new CyclicBarrier(writers);
                List<Callable<Boolean>> attempts = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    byte[] content = (round + "-" + writer).getBytes(StandardCharsets.UTF_8);
                    attempts.add(() -> {
                        start.await();
                        return expected == null
                                ? store.putIfAbsent(KEY, content)
                                : store.compareAndSet(KEY, expected, content);
                    });
                }
                List<Integer> winners = new ArrayList<>();
                List<Future<Boolean>> results = threads.invokeAll(attempts);
                for (int writer = 0; writer < writers; writer++) {
                    if (results.get(writer).get()) {
                        winners.add(writer);
                    }
                }
                assertThat(winners).as("round %d", round).hasSize(1);
                assertThat(new String(store.read(KEY).orElseThrow().content(), StandardCharsets.UTF_8))
                        .isEqualTo(round + "-" + winners.get(0));
            }
        } finally {
            threads.shutdown();
        }
    }
}
