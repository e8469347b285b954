package io.aisle.batch.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** evaluate --promote from end to end, on the models and products of {@link GateModels}. */
class PromotionTest {
    @TempDir
    static Path shared;

    @TempDir
    Path temporary;

    private Path models;

    @BeforeAll
    static void prepareOnce() throws IOException {
        prepare(GateModels.products(), shared.resolve("prepared"));
        GateModels.champion(shared.resolve("champion"));
    }

    private static void prepare(List<String> lines, Path output) throws IOException {
        Path catalog = Files.write(Files.createTempFile(shared, "catalog", ".jsonl"), lines);
        AisleRun.succeeding(
                "prepare", "--input=" + catalog, "--min-class-size=1", "--split=0,0,1", "--output=" + output);
    }

    @BeforeEach
    void nameTheChampion() throws IOException {
        models = Files.createDirectories(temporary.resolve("models"));
        Fixtures.copy(shared.resolve("champion"), models.resolve("monday"));
        AisleRun.succeeding("promote", "--models=" + models, "--to=monday");
    }

    @Test
    void promotesBetterCandidateAndRollbackRestoresEveryByte() throws IOException {
        Map<String, String> before = bytes(models.resolve(current()));

        AisleRun run = promote(GateModels::better);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(current()).isEqualTo("candidate");
        assertThat(run.out())
                .contains("candidate beside monday on the same rows")
                .containsPattern("macro_f1 +\\+10\\.23 points \\(95%: \\+\\d+\\.\\d\\d points to .* yes\n")
                .contains("champion before: monday\nchampion now:    candidate\n");
        assertThat(gate().get("passed").asBoolean()).isTrue();
        JsonNode page = page();
        assertThat(page.at("/verdict/level").asText()).isEqualTo("ok");
        assertThat(page.at("/verdict/title").asText()).isEqualTo("Promoted");
        assertThat(page.at("/beside/role").asText()).isEqualTo("champion");
        assertThat(page.at("/beside/name").asText()).isEqualTo("monday");
        assertThat(page.get("gate")).isEqualTo(gate().get("rules"));
        // the champion calls 30 of 300 wrongly, the candidate none
        assertThat(page.at("/beside/metrics/0/metric").asText()).isEqualTo("accuracy");
        assertThat(page.at("/beside/metrics/0/candidate/value").asDouble()).isEqualTo(1);
        assertThat(page.at("/beside/metrics/0/other/value").asDouble()).isEqualTo(0.9, within(1e-12));
        assertThat(page.at("/beside/metrics/0/other/lower_95").asDouble()).isBetween(0.85, 0.9);
        assertThat(page.at("/beside/metrics/2/other/value").asDouble())
                .isEqualTo((200 / 230.0 + 140 / 170.0 + 1) / 3, within(1e-12));
        assertThat(audit(2))
                .contains("\"action\":\"promote\"")
                .contains("\"reason\":\"gate: held_out the test split, of one seed; macro_f1 +10.23 points");

        AisleRun back = AisleRun.succeeding("rollback", "--models=" + models);

        assertThat(back.out()).contains("champion before: candidate\nchampion now:    monday\n");
        assertThat(bytes(models.resolve(current()))).isEqualTo(before);
        assertThat(audit(3)).contains("\"action\":\"rollback\"");
    }

    @Test
    void macroF1AloneRefusesCandidateThatIsALittleWorseEverywhere() throws IOException {
        AisleRun run = promote(GateModels::forgetful);

        assertRefusedBy("macro_f1", run);
        // 184/192 - 1, 200/238 - 200/230 and nothing
        assertThat(gate().get("macro_f1").get("delta").asDouble())
                .isEqualTo((184 / 192.0 - 1 + 200 / 238.0 - 200 / 230.0) / 3, within(1e-9));
        assertThat(run.err())
                .startsWith("Cannot promote candidate: macro_f1 found -2.36 points (95%: ")
                .contains(
                        "expected lower end -0.50 points or more. It is worse than the champion, or the rows are too few")
                .endsWith(" The champion stays monday. To promote all the same: aisle promote --models file:" + models
                        + " --to candidate\n");
    }

    @Test
    void oneClassAloneRefusesCandidateThatIsBetterOnTheWhole() throws IOException {
        AisleRun run = promote(GateModels::ruinous);

        assertRefusedBy("class_f1", run);
        assertThat(page().at("/verdict/level").asText()).isEqualTo("fail");
        assertThat(page().at("/verdict/title").asText()).isEqualTo("Refused: class_f1");
        assertThat(page().at("/verdict/sentences/0").asText())
                .startsWith("Cannot promote candidate: class_f1 found -8.70");
        // 168/184 - 1
        assertThat(run.err())
                .startsWith(
                        "Cannot promote candidate: class_f1 found -8.70 points in Tools > other, expected -5.00 points"
                                + " or more. It is worse at this class");
        assertThat(gate().get("macro_f1").get("delta").asDouble()).isPositive();
    }

    @Test
    void calibrationAloneRefusesCandidateThatIsMerelyOverconfident() throws IOException {
        AisleRun run = promote(GateModels::overconfident);

        assertRefusedBy("calibration_error", run);
        assertThat(run.err())
                .startsWith("Cannot promote candidate: calibration_error found +0.0884, expected +0.0200 or less. Its"
                        + " confidences say less than the champion's");
        assertThat(gate().get("macro_f1").get("lower_95").asDouble()).isZero();
    }

    @Test
    void lostClassAloneRefusesCandidateThatAnswersMoreCoarsely() throws IOException {
        AisleRun run = promote(GateModels::coarser);

        assertRefusedBy("lost_classes", run);
        assertThat(run.err())
                .startsWith("Cannot promote candidate: lost_classes found 1: Tools > other, expected 0 or fewer. The"
                        + " champion can name what the candidate cannot");
        assertThat(gate().get("lost_classes").get("Tools > other").asLong()).isEqualTo(100);
        assertThat(gate().get("macro_f1").get("delta").asDouble()).isZero();
    }

    @Test
    void countsRowsOfNewClassAsErrorsOfTheChampion() throws IOException {
        List<String> lines = GateModels.products();
        GateModels.add(lines, "gnome", 40, GateModels.GNOMES);
        prepare(lines, temporary.resolve("with-gnomes"));

        AisleRun run = promote(GateModels::broader, temporary.resolve("with-gnomes"), line -> {});

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(gate().get("added_classes")).extracting(JsonNode::asText).containsExactly("Garden > Gnomes");
        // the champion calls gnomes Tea: 200/270 there
        assertThat(gate().get("macro_f1").get("champion").asDouble())
                .isEqualTo((200 / 270.0 + 140 / 170.0 + 1 + 0) / 4, within(1e-9));
        assertThat(gate().get("macro_f1").get("candidate").asDouble())
                .isEqualTo((200 / 230.0 + 140 / 170.0 + 1 + 1) / 4, within(1e-9));
    }

    @Test
    void firstCandidateHasToBeatNamingOneClassAlways() throws IOException {
        Files.delete(models.resolve("CURRENT"));

        AisleRun run = promote(GateModels::overconfident);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("candidate beside always naming the commonest class, for there is no champion yet")
                .containsPattern("beats_commonest_class +\\+73\\.10 points")
                .contains("champion before: none\nchampion now:    candidate\n");
        assertThat(Files.readString(models.resolve("CURRENT")))
                .contains(
                        "\"reason\":\"first champion: held_out the test split, of one seed; beats_commonest_class +73.10");
    }

    @Test
    void losesAgainstAnotherPromotionMeanwhile() throws IOException {
        GateModels.champion(models.resolve("tuesday"));
        int[] promoted = {0};

        AisleRun run = promote(GateModels::better, shared.resolve("prepared"), line -> {
            if (line.startsWith("metrics: ")) {
                promoted[0]++;
                AisleRun.succeeding("promote", "--models=" + models, "--to=tuesday");
            }
        });

        assertThat(promoted[0]).isEqualTo(1);
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .isEqualTo("Cannot promote candidate: found that another one was published since this one started,"
                        + " expected monday to be current still. Nothing was changed; run again to build on the newer"
                        + " one.\n");
        assertThat(current()).isEqualTo("tuesday");
        assertThat(page().at("/verdict/title").asText()).isEqualTo("Refused: another champion was published meanwhile");
    }

    @Test
    void championThatIsPutForwardStaysWithoutAContest() throws IOException {
        AisleRun run = AisleRun.of(
                "evaluate", "--promote", "--model=" + models, "--input=" + shared.resolve("prepared/test"), output());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("monday is the champion already: nothing to promote");
        assertThat(temporary.resolve("evaluation/metrics.json")).exists();
        assertThat(Files.readString(models.resolve("CURRENT"))).contains("\"sequence\":1");
    }

    @Test
    void refusesRowsThatMayHaveBeenTrainedOnBeforeItReadsAny() throws IOException {
        Path raw = Files.write(temporary.resolve("raw.jsonl"), GateModels.products());
        GateModels.better(models.resolve("candidate"));
        String[] command = {
            "evaluate", "--promote", "--model=" + models.resolve("candidate"), "--input=" + raw, output()
        };

        AisleRun run = AisleRun.of(command);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .startsWith("Cannot promote candidate: held_out found rows that are no test split of prepared data,"
                        + " expected unseen by both models. Evaluate on <prepared>/test, ");
        assertThat(temporary.resolve("evaluation")).doesNotExist();
        assertThat(refusals()).hasSize(1);

        List<String> allowed = new ArrayList<>(List.of(command));
        Collections.addAll(allowed, "--set", "gate.require-held-out=false");
        AisleRun asAPersonKnows = AisleRun.of(allowed.toArray(String[]::new));

        assertThat(asAPersonKnows.exitCode()).as(asAPersonKnows.err()).isZero();
        assertThat(asAPersonKnows.out())
                .containsPattern("held_out +rows that are no test split of prepared data +not asked for +yes\n");
    }

    @Test
    void comparesWithBaselineAndPromotesNothing() throws IOException {
        GateModels.forgetful(models.resolve("candidate"));
        String before = Files.readString(models.resolve("CURRENT"));

        AisleRun run = AisleRun.of(
                "evaluate",
                "--model=" + models.resolve("candidate"),
                "--baseline=" + models,
                "--input=" + shared.resolve("prepared/test"),
                output());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("macro_f1 +-2\\.36 points .* NO\n");
        assertThat(gate().get("passed").asBoolean()).isFalse();
        assertThat(gate().get("champion").get("name").asText()).isEqualTo("monday");
        assertThat(Files.readString(models.resolve("CURRENT"))).isEqualTo(before);
        assertThat(refusals()).isEmpty();
    }

    @Test
    void refusesCandidateThatLiesElsewhere() {
        GateModels.better(temporary.resolve("elsewhere"));

        AisleRun run = AisleRun.of(
                "evaluate",
                "--promote",
                "--models=" + models,
                "--model=" + temporary.resolve("elsewhere"),
                "--input=" + shared.resolve("prepared/test"),
                output());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot promote file:%1$s/elsewhere: found it in file:%1$s, expected it directly in file:%1$s/models,"
                                        .formatted(temporary)
                                + " whose CURRENT names bundles by their directory. Copy the bundle to file:"
                                + temporary
                                + "/models/elsewhere, and give that as --model.\n");
    }

    @Test
    void refusesBaselineBesideThePromotionWhichHasItsOwn() {
        AisleRun run = AisleRun.of("evaluate", "--promote", "--baseline=x", "--model=y", "--input=z", output());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("evaluate.baseline: found a baseline beside --promote, which compares with the champion,"
                        + " expected none");
    }

    private void assertRefusedBy(String rule, AisleRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
        assertThat(current()).isEqualTo("monday");
        assertThat(gate().get("rules"))
                .filteredOn(each -> !each.get("passed").asBoolean())
                .extracting(each -> each.get("rule").asText())
                .containsExactly(rule);
        assertThat(refusals()).hasSize(1);
        assertThat(Files.readString(refusals().get(0)))
                .contains("\"run_id\":\"candidate\"")
                .contains("\"reason\":\"" + rule + " found ");
    }

    private AisleRun promote(Consumer<Path> candidate) {
        return promote(candidate, shared.resolve("prepared"), line -> {});
    }

    private AisleRun promote(Consumer<Path> candidate, Path prepared, Consumer<String> whenSaid) {
        candidate.accept(models.resolve("candidate"));
        return AisleRun.of(
                whenSaid,
                "evaluate",
                "--promote",
                "--model=" + models.resolve("candidate"),
                "--input=" + prepared.resolve("test"),
                output());
    }

    private String output() {
        return "--output=" + temporary.resolve("evaluation");
    }

    private JsonNode page() throws IOException {
        return new ObjectMapper()
                .readTree(temporary.resolve("evaluation/evaluate.json").toFile());
    }

    private JsonNode gate() throws IOException {
        return new ObjectMapper()
                .readTree(temporary.resolve("evaluation/gate.json").toFile());
    }

    private String current() throws IOException {
        return new ObjectMapper()
                .readTree(models.resolve("CURRENT").toFile())
                .get("run_id")
                .asText();
    }

    private String audit(int sequence) throws IOException {
        return Files.readString(models.resolve("audit/%012d.json".formatted(sequence)));
    }

    private List<Path> refusals() throws IOException {
        try (Stream<Path> files = Files.list(models.resolve("audit"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("refused-"))
                    .toList();
        }
    }

    /** Every file below, by its path, as text of one character a byte. */
    private static Map<String, String> bytes(Path directory) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.put(
                        directory.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return bytes;
    }
}
