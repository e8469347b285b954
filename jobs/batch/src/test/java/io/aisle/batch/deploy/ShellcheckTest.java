package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShellcheckTest {
    private static final List<String> DIRECTORIES =
            List.of("scripts", "docker", "conf", ".ci", "jobs/spark/bin", "jobs/batch/src");

    @Test
    void findsNothingInAnyScript() throws IOException {
        Script.Outcome installed = Script.execute(Map.of(), List.of("bash", "-c", "command -v shellcheck"));
        assertThat(installed.exitCode())
                .as("shellcheck is not installed. Install it, as in: apt-get install shellcheck")
                .isZero();
        List<String> command = new ArrayList<>(List.of("shellcheck", "--external-sources"));
        for (String directory : DIRECTORIES) {
            command.addAll(shellScripts(Script.REPOSITORY.resolve(directory)));
        }
        assertThat(command).contains("scripts/aisle", "scripts/lib/cloud.sh", "conf/emr/gpu-emr-7.10.0.sh");

        Script.Outcome outcome = Script.execute(Map.of(), command);

        assertThat(outcome.out() + outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
    }

    private static List<String> shellScripts(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    if (lines.findFirst().orElse("").matches("#!.*\\b(ba)?sh|# shellcheck shell=.*")) {
                        scripts.add(Script.REPOSITORY.relativize(file).toString());
                    }
                }
            }
        }
        return scripts;
    }
}
