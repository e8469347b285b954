package io.aisle.batch.doctor;

import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Classes that more than one jar of the running class path holds, of libraries whose versions matter. Only the tables of contents are
 * read: they hold a checksum (CRC-32) of each class, which tells copies from other versions. What the cluster brings twice by itself is
 * told from what came with the job.
 */
final class DuplicateClasses {
    private static final String AISLE = "io/aisle/";
    private static final List<String> WATCHED = List.of(
            "ai/djl/",
            "ai/onnxruntime/",
            "com/amazonaws/",
            "com/fasterxml/jackson/",
            "com/google/protobuf/",
            "com/johnsnowlabs/",
            "com/typesafe/config/",
            AISLE,
            "io/netty/",
            "org/apache/arrow/",
            "org/apache/hadoop/",
            "org/apache/logging/log4j/",
            "org/apache/parquet/",
            "org/apache/spark/",
            "org/slf4j/",
            "scala/",
            "scopt/",
            "software/amazon/awssdk/");

    /** Spark puts this empty class into each of its jars. */
    private static final String PLACEHOLDER = "org/apache/spark/unused/";

    private DuplicateClasses() {}

    /**
     * Two jars that hold the same classes.
     *
     * @param first jar that Java takes the classes from, by name and version
     * @param other jar that they are in too
     * @param classes how many
     * @param example one of them
     * @param isCopy whether every one of them is the same in both, byte for byte, as far as a checksum tells
     * @param isBrought whether one of the jars came with the job; else the cluster runs every job with both
     */
    record Clash(String first, String other, int classes, String example, boolean isCopy, boolean isBrought)
            implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Jars in the order that Java searches them.
     *
     * @param own jars that the JVM was started with
     * @param added jars that Spark added for the job
     */
    record ClassPath(List<Path> own, List<Path> added) {
        List<Path> jars() {
            return Stream.of(own, added).flatMap(List::stream).toList();
        }
    }

    /** What is on the class path of this JVM, and what Spark added to it for the calling thread. */
    static ClassPath classPath() {
        Set<Path> own = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            own.add(Path.of(entry).toAbsolutePath().normalize());
        }
        List<URLClassLoader> added = new ArrayList<>();
        for (ClassLoader loader = Thread.currentThread().getContextClassLoader();
                loader != null;
                loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                // a parent is asked before its child
                added.add(0, urls);
            }
        }
        Set<Path> jars = new LinkedHashSet<>();
        for (URLClassLoader loader : added) {
            for (URL url : loader.getURLs()) {
                if (url.getProtocol().equals("file")) {
                    jars.add(
                            Path.of(URI.create(url.toString())).toAbsolutePath().normalize());
                }
            }
        }
        jars.removeAll(own);
        return new ClassPath(files(own), files(jars));
    }

    private static List<Path> files(Set<Path> paths) {
        return paths.stream().filter(Files::isRegularFile).toList();
    }

    /** The clashes among jars; a file that is no jar is passed over. Aisle's own jar came with the job wherever it lies. */
    static List<Clash> among(ClassPath classPath) throws IOException {
        Map<String, Found> firsts = new HashMap<>();
        Map<String, Pair> pairs = new TreeMap<>();
        Set<Path> brought = new HashSet<>(classPath.added);
        for (Path jar : classPath.jars()) {
            if (!jar.toString().endsWith(".jar")) {
                continue;
            }
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements()) {
                    ZipEntry entry = entries.nextElement();
                    if (!isWatched(entry.getName())) {
                        continue;
                    }
                    if (entry.getName().startsWith(AISLE)) {
                        brought.add(jar);
                    }
                    Found found = new Found(jar, entry.getCrc());
                    Found first = firsts.putIfAbsent(entry.getName(), found);
                    if (first != null && !first.jar.equals(jar)) {
                        pairs.computeIfAbsent(first.jar + " " + jar, absent -> new Pair(first.jar, jar))
                                .add(entry.getName(), first.crc == found.crc);
                    }
                }
            }
        }
        List<Clash> clashes = new ArrayList<>();
        for (Pair pair : pairs.values()) {
            clashes.add(pair.clash(brought));
        }
        return clashes;
    }

    private static boolean isWatched(String entry) {
        return entry.endsWith(".class")
                && !entry.startsWith(PLACEHOLDER)
                && WATCHED.stream().anyMatch(entry::startsWith);
    }

    private record Found(Path jar, long crc) {}

    private static final class Pair {
        private final Path first;
        private final Path other;
        private int classes;
        private String example;
        private String differing;

        Pair(Path first, Path other) {
            this.first = first;
            this.other = other;
        }

        void add(String entry, boolean isSame) {
            classes++;
            String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
            example = Objects.requireNonNullElse(example, name);
            if (!isSame) {
                differing = Objects.requireNonNullElse(differing, name);
            }
        }

        Clash clash(Set<Path> brought) throws IOException {
            return new Clash(
                    named(first),
                    named(other),
                    classes,
                    Objects.requireNonNullElse(differing, example),
                    differing == null,
                    brought.contains(first) || brought.contains(other));
        }
    }

    /** A jar's name, with the version that its manifest gives where its name has none. */
    private static String named(Path jar) throws IOException {
        String name = String.valueOf(jar.getFileName());
        if (name.matches(".*\\d\\.\\d.*")) {
            return name;
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry manifest = zip.getEntry("META-INF/MANIFEST.MF");
            String version = manifest == null
                    ? null
                    : new Manifest(zip.getInputStream(manifest))
                            .getMainAttributes()
                            .getValue("Implementation-Version");
            return version == null ? name : name + " (" + version + ")";
        }
    }
}
