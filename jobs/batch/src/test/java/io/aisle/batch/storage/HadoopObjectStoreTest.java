package io.aisle.batch.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.storage.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopObjectStoreTest {
    private static final int WRITERS = 12;

    @TempDir
    java.nio.file.Path folder;

    /** Local files of which, as on HDFS, one of several writers creates a file; Hadoop's own local files let all of them. */
    public static final class ExclusiveFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("exclusive:///");
        }

        @Override
        public FSDataOutputStream create(
                Path file,
                boolean isOverwriting,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            java.nio.file.Path local = pathToFile(file).toPath();
            Files.createDirectories(local.getParent());
            try {
                return new FSDataOutputStream(
                        isOverwriting
                                ? Files.newOutputStream(local)
                                : Files.newOutputStream(local, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        null);
            } catch (java.nio.file.FileAlreadyExistsException e) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }

        /** Without permissions, which Hadoop looks up by a file: URI. */
        @Override
        public FileStatus[] listStatus(Path directory) throws IOException {
            return Stream.of(super.listStatus(directory))
                    .map(status -> new FileStatus(
                            status.getLen(),
                            status.isDirectory(),
                            1,
                            status.getBlockSize(),
                            status.getModificationTime(),
                            status.getPath()))
                    .toArray(FileStatus[]::new);
        }
    }

    /** The same for the newer of Hadoop's two interfaces. */
    public static final class ExclusiveFiles extends DelegateToFileSystem {
        public ExclusiveFiles(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(uri, new ExclusiveFileSystem(), configuration, "exclusive", false);
        }
    }

    @Test
    void putsOnlyWhereThereIsNothingAndSetsOnlyWhatWasRead() throws IOException {
        ObjectStore store = store();
        assertThat(store.read("a/CURRENT")).isEmpty();
        assertThat(store.list("")).isEmpty();
        assertThat(store.compareAndSet("a/CURRENT", "any", bytes("none")))
                .as("absent")
                .isFalse();

        assertThat(store.putIfAbsent("a/CURRENT", bytes("one"))).isTrue();
        assertThat(store.putIfAbsent("a/CURRENT", bytes("two"))).isFalse();
        String stale = store.read("a/CURRENT").orElseThrow().tag();
        assertThat(store.compareAndSet("a/CURRENT", stale, bytes("three"))).isTrue();
        assertThat(store.compareAndSet("a/CURRENT", stale, bytes("four"))).isFalse();

        assertThat(content(store, "a/CURRENT")).isEqualTo("three");
    }

    @Test
    void listsObjectsAndNothingElseAndDeletesThem() throws IOException {
        ObjectStore store = store();
        store.putIfAbsent("claims/b", bytes("b"));
        store.putIfAbsent("claims/a", bytes("a"));
        store.putIfAbsent("CURRENT", bytes("c"));
        Files.writeString(folder.resolve("claims/.a.lock"), "held");

        assertThat(store.list("claims/")).containsExactly("claims/a", "claims/b");
        store.delete("claims/a");
        store.delete("claims/a");
        assertThat(store.list("")).containsExactly("CURRENT", "claims/b");
    }

    @Test
    void leavesNothingElseBehind() throws IOException {
        store().putIfAbsent("CURRENT", bytes("one"));

        assertThat(folder.toFile().list()).containsExactly("CURRENT");
    }

    @Test
    void ofTwelveWritersThatReadTheSameVersionOneWinsEachRound() throws Exception {
        ObjectStore store = store();
        WriterRace.run(store, WRITERS, 4);
    }

    @Test
    void breaksTheLockOfAProcessThatDied() throws IOException {
        java.nio.file.Path lock = Files.writeString(folder.resolve(".CURRENT.lock"), "process 1 on elsewhere");
        Files.setLastModifiedTime(
                lock, FileTime.from(Instant.now().minus(LockFile.STALE).minus(Duration.ofMinutes(1))));

        assertThat(store().putIfAbsent("CURRENT", bytes("one"))).isTrue();

        assertThat(folder.toFile().list()).containsExactly("CURRENT");
    }

    @Test
    void refusesToWaitForeverForTheLockOfAnother() throws IOException {
        Files.writeString(folder.resolve(".CURRENT.lock"), "process 1 on elsewhere");

        assertThatThrownBy(() -> LockFile.take(
                        new Path(root()).getFileSystem(configuration()), new Path(root(), "CURRENT"), Duration.ZERO))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write exclusive:" + folder + "/CURRENT: found the lock exclusive:")
                .hasMessageEndingWith(
                        "/.CURRENT.lock of process 1 on elsewhere, expected it to be gone within 0 s. Run again;"
                                + " after 5 minutes the lock of a process that died is removed.");
        assertThat(folder.resolve(".CURRENT.lock")).hasContent("process 1 on elsewhere");
    }

    @Test
    void refusesToWriteUnderALockThatAnotherTook() throws IOException {
        try (LockFile lock = LockFile.take(
                new Path(root()).getFileSystem(configuration()), new Path(root(), "CURRENT"), Duration.ZERO)) {
            lock.requireHeld();
            Files.writeString(folder.resolve(".CURRENT.lock"), "process 1 on elsewhere");

            assertThatThrownBy(lock::requireHeld)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("found that another process removed this one's lock")
                    .hasMessageEndingWith("Nothing was changed; run again.");
        }
        assertThat(folder.resolve(".CURRENT.lock")).as("is not ours to remove").exists();
    }

    private ObjectStore store() {
        return new HadoopObjectStore(new Path(root()), configuration());
    }

    private String root() {
        return "exclusive:" + folder;
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration(false);
        configuration.set("fs.exclusive.impl", ExclusiveFileSystem.class.getName());
        configuration.set("fs.AbstractFileSystem.exclusive.impl", ExclusiveFiles.class.getName());
        return configuration;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String content(ObjectStore store, String key) throws IOException {
        return new String(store.read(key).orElseThrow().content(), UTF_8);
    }
}
