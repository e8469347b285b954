package io.aisle.batch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of tests: below target for what the tests of one JVM share, apart from those of another. */
public final class Fixtures {
    private Fixtures() {}

    /** A directory of that name below target, emptied of what an earlier JVM left. */
    public static Path fresh(String name) {
        try {
            Path directory = Path.of("target", "fixtures", System.getProperty("aisle.fork", "fork-1"), name)
                    .toAbsolutePath();
            delete(directory);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            for (Path path : below(root, Comparator.reverseOrder())) {
                Files.delete(path);
            }
        }
    }

    public static Path copy(Path from, Path to) throws IOException {
        for (Path path : below(from, Comparator.naturalOrder())) {
            Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
        return to;
    }

    private static List<Path> below(Path root, Comparator<Path> order) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(order).toList();
        }
    }
}
