package io.aisle.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes to a cluster, beside what a cluster has. */
class DeliverableIT {
    private static final Path DIST = Path.of("target", "dist");
    private static final Path SPARK = Path.of("..", "spark", "target", "spark.classpath");
    private static final long MOST_BYTES = 250_000_000;

    private static Path jar;
    private static Map<String, String> sparkClasses;

    @BeforeAll
    static void findsJars() throws IOException {
        jar = only(DIST, "aisle-*.jar");
        sparkClasses = new TreeMap<>();
        for (String path : Files.readString(SPARK).split(":", -1)) {
            for (String name : classes(Path.of(path))) {
                sparkClasses.put(name, Path.of(path).getFileName().toString());
            }
        }
    }

    @Test
    void jarIsSmallEnoughToTravelWithEachJob() throws IOException {
        assertThat(Files.size(jar)).isBetween(10_000_000L, MOST_BYTES);
    }

    @Test
    void noClassIsInSparkToo() throws IOException {
        assertThat(sparkClasses).hasSizeGreaterThan(50_000).containsKey("com/google/protobuf/Message.class");
        List<Path> jars = new ArrayList<>(List.of(jar));
        try (Stream<Path> pytorch = Files.list(DIST.resolve("pytorch"))) {
            pytorch.forEach(jars::add);
        }
        assertThat(jars).hasSizeGreaterThan(2);

        List<String> clashes = new ArrayList<>();
        for (Path each : jars) {
            for (String name : classes(each)) {
                if (sparkClasses.containsKey(name)) {
                    clashes.add(name + " in " + each.getFileName() + " and " + sparkClasses.get(name));
                }
            }
        }

        assertThat(clashes).isEmpty();
    }

    /** Those that clusters are known to bring in versions of their own, which would come first. */
    @Test
    void whatClustersBringInOtherVersionsHasAnotherName() throws IOException {
        assertThat(classes(jar))
                .contains("io/aisle/shaded/protobuf/Message.class", "io/aisle/shaded/awssdk/services/s3/S3Client.class")
                .noneMatch(name -> Stream.of(
                                "com/google/",
                                "com/fasterxml/",
                                "com/typesafe/",
                                "org/slf4j/",
                                "scala/",
                                "software/amazon/awssdk/")
                        .anyMatch(name::startsWith));
    }

    @Test
    void servicesNameClassesThatAreThere() throws IOException {
        Set<String> names = classes(jar);
        List<String> missing = new ArrayList<>();
        int services = 0;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : entries(file)) {
                if (entry.getName().startsWith("META-INF/services/") && !entry.isDirectory()) {
                    services++;
                    new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty() && !names.contains(line.replace('.', '/') + ".class"))
                            .forEach(missing::add);
                }
            }
        }

        assertThat(services).isPositive();
        assertThat(missing).isEmpty();
    }

    @Test
    void jarStartsWithoutNamingClass() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            assertThat(file.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(Main.class.getName());
        }
    }

    private static Path only(Path directory, String pattern) throws IOException {
        try (var files = Files.newDirectoryStream(directory, pattern)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    /** Classes as this Java sees them; descriptions of modules are none. */
    private static Set<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Set<String> names = new TreeSet<>();
            for (JarEntry entry : entries(file)) {
                String name = entry.getName().replaceFirst("^META-INF/versions/\\d+/", "");
                if (name.endsWith(".class") && !name.endsWith("module-info.class")) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    private static List<JarEntry> entries(JarFile file) {
        List<JarEntry> entries = new ArrayList<>();
        for (Enumeration<JarEntry> each = file.entries(); each.hasMoreElements(); ) {
            entries.add(each.nextElement());
        }
        return entries;
    }
}
