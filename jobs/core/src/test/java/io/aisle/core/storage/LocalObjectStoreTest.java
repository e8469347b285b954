package io.aisle.core.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest {
    private static final int THREADS = 8;

    @TempDir
    Path folder;

    private static String content(ObjectStore store, String key) throws IOException {
        return new String(store.read(key).orElseThrow().content(), UTF_8);
    }

    private static String tag(ObjectStore store, String key) throws IOException {
        return store.read(key).orElseThrow().tag();
    }

    @Test
    void putsOnlyWhereThereIsNothing() throws IOException {
        ObjectStore store = new LocalObjectStore(folder.resolve("not/there/yet"));

        assertThat(store.read("CURRENT")).isEmpty();
        assertThat(store.putIfAbsent("CURRENT", "one".getBytes(UTF_8))).isTrue();
        assertThat(store.putIfAbsent("CURRENT", "two".getBytes(UTF_8))).isFalse();
        assertThat(content(store, "CURRENT")).isEqualTo("one");
    }

    @Test
    void setsOnlyTheVersionThatWasRead() throws IOException {
        ObjectStore store = new LocalObjectStore(folder);
        assertThat(store.compareAndSet("CURRENT", "any", new byte[0]))
                .as("absent")
                .isFalse();
        store.putIfAbsent("CURRENT", "one".getBytes(UTF_8));
        String stale = tag(store, "CURRENT");

        assertThat(store.compareAndSet("CURRENT", stale, "two".getBytes(UTF_8))).isTrue();
        assertThat(store.compareAndSet("CURRENT", stale, "three".getBytes(UTF_8)))
                .isFalse();
        assertThat(content(store, "CURRENT")).isEqualTo("two");
        assertThat(tag(store, "CURRENT")).isNotEqualTo(stale);
        assertThatThrownBy(() -> store.compareAndSet("CURRENT", null, new byte[0]))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("expectedTag");
    }

    @Test
    void keepsKeysApart() throws IOException {
        ObjectStore store = new LocalObjectStore(folder);
        store.putIfAbsent("a/CURRENT", "one".getBytes(UTF_8));
        store.putIfAbsent("b/CURRENT", "two".getBytes(UTF_8));

        assertThat(content(store, "a/CURRENT")).isEqualTo("one");
        assertThat(content(store, "b/CURRENT")).isEqualTo("two");
    }

    @Test
    void whoMayReadANewFileMayReadAnObject() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "x");
        new LocalObjectStore(folder).putIfAbsent("CURRENT", "one".getBytes(UTF_8));

        assertThat(permissions(folder.resolve("CURRENT"))).isEqualTo(permissions(plain));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void ofThreadsThatReadTheSameVersionOneWinsEachRound() throws Exception {
        ObjectStore store = new LocalObjectStore(folder);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < 25; round++) {
                String expected = round == 0 ? null : tag(store, "CURRENT");
                CyclicBarrier start = new CyclicBarrier(THREADS);
                List<Callable<Boolean>> writers = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    byte[] content = (round + "-" + thread).getBytes(UTF_8);
                    writers.add(() -> {
                        start.await();
                        return expected == null
                                ? store.putIfAbsent("CURRENT", content)
                                : store.compareAndSet("CURRENT", expected, content);
                    });
                }
                List<Integer> winners = new ArrayList<>();
                List<Future<Boolean>> results = threads.invokeAll(writers);
                for (int thread = 0; thread < THREADS; thread++) {
                    if (results.get(thread).get()) {
                        winners.add(thread);
                    }
                }
                assertThat(winners).as("round %d", round).hasSize(1);
                assertThat(content(store, "CURRENT")).isEqualTo(round + "-" + winners.get(0));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void leavesNothingHalfWrittenBehind() throws IOException {
        ObjectStore store = new LocalObjectStore(folder);
        store.putIfAbsent("CURRENT", "a long first version".getBytes(UTF_8));
        store.compareAndSet("CURRENT", tag(store, "CURRENT"), "short".getBytes(UTF_8));

        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("CURRENT", ".CURRENT.lock");
    }

    @Test
    void listsObjectsAndNothingElseAndDeletesThem() throws IOException {
        ObjectStore store = new LocalObjectStore(folder.resolve("not/there/yet"));
        assertThat(store.list("")).isEmpty();
        store.delete("claims/a");
        store.putIfAbsent("claims/b", "b".getBytes(UTF_8));
        store.putIfAbsent("claims/a", "a".getBytes(UTF_8));
        store.putIfAbsent("CURRENT", "c".getBytes(UTF_8));

        assertThat(store.list("claims/")).containsExactly("claims/a", "claims/b");
        assertThat(store.list("C")).containsExactly("CURRENT");

        store.delete("claims/a");
        assertThat(store.list("")).containsExactly("CURRENT", "claims/b");
        assertThat(store.putIfAbsent("claims/a", "again".getBytes(UTF_8))).isTrue();
    }
}
