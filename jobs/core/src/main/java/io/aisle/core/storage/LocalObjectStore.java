package io.aisle.core.storage;

import static java.util.Objects.requireNonNull;

import io.aisle.core.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects as files below one directory. A tag is the SHA-256 of the content; writers of one object exclude each other by a lock file. */
public final class LocalObjectStore implements ObjectStore {
    // a file lock excludes other processes, this one the threads of ours
    private static final Object THREADS = new Object();

    private static final String LOCK = ".lock";
    private static final String NEW = ".new";

    private final Path root;

    public LocalObjectStore(Path root) {
        this.root = root;
    }

    /** The directory. */
    public Path root() {
        return root;
    }

    @Override
    public Optional<Version> read(String key) throws IOException {
        try {
            byte[] content = Files.readAllBytes(root.resolve(key));
            return Optional.of(new Version(content, Sha256.hex(content)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
        return writeIf(key, null, content);
    }

    @Override
    public boolean compareAndSet(String key, String expectedTag, byte[] content) throws IOException {
        return writeIf(key, requireNonNull(expectedTag, "expectedTag"), content);
    }

    /** The lock file stays: who waits for it must not be left with a file that nobody else can lock. */
    @Override
    public void delete(String key) throws IOException {
        Files.deleteIfExists(root.resolve(key));
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !isHidden(file))
                    .map(file -> root.relativize(file).toString())
                    .filter(key -> key.startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private boolean writeIf(String key, String expectedTag, byte[] content) throws IOException {
        Path file = root.resolve(key);
        Files.createDirectories(file.getParent());
        synchronized (THREADS) {
            try (FileChannel channel =
                            FileChannel.open(hidden(file, LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                String found = read(key).map(Version::tag).orElse(null);
                boolean isAsExpected = lock.isValid() && Objects.equals(found, expectedTag);
                if (isAsExpected) {
                    replace(file, content);
                }
                return isAsExpected;
            }
        }
    }

    /** Readers see the old content or the new one, after a power cut too. The caller holds the lock. */
    private static void replace(Path file, byte[] content) throws IOException {
        Path whole = hidden(file, NEW);
        try (FileChannel channel = FileChannel.open(
                whole, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // the name is durable only when its directory is
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Path hidden(Path file, String ending) {
        return file.resolveSibling("." + file.getFileName() + ending);
    }

    private static boolean isHidden(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && (name.endsWith(LOCK) || name.endsWith(NEW));
    }
}
