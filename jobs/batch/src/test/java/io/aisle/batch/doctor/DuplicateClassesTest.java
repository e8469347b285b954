package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.doctor.DuplicateClasses.Clash;
import io.aisle.batch.doctor.DuplicateClasses.ClassPath;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuplicateClassesTest {
    @TempDir
    Path folder;

    @Test
    void tellsOtherVersionsFromCopiesAndPassesOverWhatDoesNotMatter() throws IOException {
        Path used = Jars.write(
                folder.resolve("protobuf-java-2.5.0.jar"),
                Map.of(
                        "com/google/protobuf/Any.class", "old",
                        "com/google/protobuf/Api.class", "same",
                        "org/example/Other.class", "one",
                        "org/apache/spark/unused/UnusedStubClass.class", "",
                        "com/google/protobuf/any.proto", "old"));
        Path other = Jars.write(
                folder.resolve("bundle.jar"),
                Map.of(
                        "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Version: 7.1\n",
                        "com/google/protobuf/Any.class", "new",
                        "com/google/protobuf/Api.class", "same",
                        "org/example/Other.class", "two",
                        "org/apache/spark/unused/UnusedStubClass.class", "",
                        "com/google/protobuf/any.proto", "new"));
        Path copy = Jars.write(folder.resolve("copy.jar"), Map.of("com/google/protobuf/Api.class", "same"));
        Path noJar = Files.writeString(folder.resolve("notes.txt"), "no jar");

        assertThat(DuplicateClasses.among(new ClassPath(List.of(used, other), List.of(copy, noJar))))
                .containsExactlyInAnyOrder(
                        new Clash(
                                "protobuf-java-2.5.0.jar",
                                "bundle.jar (7.1)",
                                2,
                                "com.google.protobuf.Any",
                                false,
                                false),
                        new Clash("protobuf-java-2.5.0.jar", "copy.jar", 1, "com.google.protobuf.Api", true, true));
    }

    @Test
    void aJarOfAisleCameWithTheJobWhereverItLies() throws IOException {
        Path cluster = Jars.write(folder.resolve("scopt-3.7.jar"), Map.of("scopt/Read.class", "old"));
        Path aisle = Jars.write(
                folder.resolve("aisle-1.0.jar"), Map.of("io/aisle/Main.class", "main", "scopt/Read.class", "new"));

        assertThat(DuplicateClasses.among(new ClassPath(List.of(cluster, aisle), List.of())))
                .containsExactly(new Clash("scopt-3.7.jar", "aisle-1.0.jar", 1, "scopt.Read", false, true));
    }

    @Test
    void looksAtTheClassPathAndAtWhatSparkAddsToIt() throws IOException {
        Path added = Jars.write(folder.resolve("added 1.jar"), Map.of("a/B.class", ""));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {added.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);

            ClassPath classPath = DuplicateClasses.classPath();
            assertThat(classPath.added()).contains(added);
            assertThat(classPath.own())
                    .anyMatch(jar -> jar.getFileName().toString().startsWith("spark-core_2.12-"));
            assertThat(classPath.jars()).containsAll(classPath.own()).contains(added);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
