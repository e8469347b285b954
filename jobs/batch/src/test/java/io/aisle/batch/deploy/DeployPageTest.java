package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/deploy.md tells its reader to type. */
class DeployPageTest {
    private static final Pattern BLOCK = Pattern.compile("^```\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile(
            "^(scripts/(?:upload|[a-z-]+/[a-z-]+)) (.*)$|^(scripts/[a-z-]+/create-application)()$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    @Test
    void everyCommandForACloudIsOne(@TempDir Path dist) throws IOException {
        Files.createDirectories(dist.resolve("pytorch"));
        for (String jar : List.of("aisle-0.1.0.jar", "pytorch/pytorch-native-cpu.jar", "pytorch/pytorch-jni-2.jar")) {
            Files.createFile(dist.resolve(jar));
        }
        List<String> scripts = new ArrayList<>();
        Matcher block = BLOCK.matcher(page());
        while (block.find()) {
            Matcher command = COMMAND.matcher(block.group(1).replace("\\\n", " "));
            while (command.find()) {
                String script = command.group(1) == null ? command.group(3) : command.group(1);
                String words = command.group(1) == null ? "" : command.group(2);

                Script.Outcome outcome = Script.execute(
                        Map.of("AISLE_DIST", dist.toString()), List.of("bash", "-c", script + " --dry-run " + words));

                assertThat(outcome.exitCode())
                        .as(command.group() + "\n" + outcome.err())
                        .isZero();
                assertThat(outcome.calls()).isNotEmpty();
                scripts.add(script);
            }
        }

        assertThat(scripts)
                .contains(
                        "scripts/upload",
                        "scripts/emr/create-cluster",
                        "scripts/emr/submit",
                        "scripts/emr-serverless/create-application",
                        "scripts/emr-serverless/submit",
                        "scripts/dataproc/create-cluster",
                        "scripts/dataproc/submit",
                        "scripts/dataproc-serverless/submit");
    }

    @Test
    void theStepOfTheDagIsTheOneThatSubmitAdds() throws IOException {
        String page = page();
        String dag = page.substring(page.indexOf("```python"));
        int from = dag.indexOf("\"Args\": [") + 9;
        List<String> inDag = new ArrayList<>();
        Matcher word = WORD.matcher(dag.substring(from, dag.indexOf("],", from)));
        while (word.find()) {
            inDag.add(word.group(1).replace("{PLACE}", "s3://shop/aisle/0.1.0"));
        }
        List<String> words = new ArrayList<>(
                List.of("--cluster", "j-1ABC", "--artifacts", "s3://shop/aisle/0.1.0", "--dry-run", "--"));
        words.addAll(inDag.subList(inDag.indexOf("classify"), inDag.size()));

        List<String> call =
                Script.run("emr/submit", words.toArray(String[]::new)).call();

        List<String> printed = new ArrayList<>();
        Schemas.parse(call.get(call.size() - 1)).at("/0/Args").forEach(argument -> printed.add(argument.asText()));
        assertThat(inDag).isEqualTo(printed);
    }

    private static String page() throws IOException {
        return Files.readString(Script.REPOSITORY.resolve("docs/deploy.md"));
    }
}
