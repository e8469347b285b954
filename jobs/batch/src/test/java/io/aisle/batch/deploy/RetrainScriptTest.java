package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.deploy.Script.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/retrain beside an aisle that writes what it was asked for, and ends as it is told. */
class RetrainScriptTest {
    private static final String[] SOME = {
        "--models=models",
        "--input",
        "my catalog",
        "--corrections",
        "corrections",
        "--work",
        "work",
        "--name",
        "tuesday"
    };

    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void putTheScriptBesideIt() throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        script = scripts.resolve("retrain");
        Files.copy(Script.REPOSITORY.resolve("scripts/retrain"), script, StandardCopyOption.COPY_ATTRIBUTES);
        // a job writes its output, its manifest last unless it is to fail; the code is that of $FAIL_<job>
        Script.program(scripts, "aisle", """
                echo "$*" >>calls
                job=$1
                while [ $# -gt 0 ] && [ "$1" != --output ]; do shift; done
                [ ! -e "$2" ] || exit 2
                mkdir -p "$2"
                code=FAIL_$job
                [ "${!code:-0}" != 0 ] || touch "$2/manifest.json"
                exit "${!code:-0}\"""");
    }

    private Outcome retrain(Map<String, String> environment, String[] words, String... more) {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "cd \"$0\" && \"$@\"", folder.toString(), script.toString()));
        command.addAll(List.of(words));
        command.addAll(List.of(more));
        return Script.execute(environment, command);
    }

    private List<String> jobs() throws IOException {
        return Files.readAllLines(folder.resolve("calls")).stream()
                .map(call -> call.substring(0, call.indexOf(' ')))
                .toList();
    }

    @Test
    void preparesTrainsAndPutsTheModelThroughTheGate() throws IOException {
        Outcome outcome = retrain(
                Map.of(),
                SOME,
                "--kind=bag",
                "--correction-weight=3",
                "--columns=id=sku,title=name",
                "--split-seed",
                "7",
                "--set=train.epochs=2",
                "--conf",
                "shop.conf",
                "--single-writer",
                "--",
                "--master",
                "yarn");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        String columns =
                "catalog.columns={id=null,title=null,brand=null,description=null,feature=null,updated_at=null}";
        assertThat(folder.resolve("calls"))
                .hasContent(
                        "prepare --input my catalog --corrections corrections --correction-weight 3 --columns id=sku,title=name"
                                + " --split-seed 7 --set train.epochs=2 --conf shop.conf --output work/tuesday/prepared -- --master yarn\n"
                                + "train --data work/tuesday/prepared --kind bag --set train.epochs=2 --conf shop.conf --output models/tuesday"
                                + " -- --master yarn\n"
                                + "evaluate --model models/tuesday --input work/tuesday/prepared/test --format prepared --set train.epochs=2"
                                + " --conf shop.conf --set " + columns
                                + " --set catalog.label=[] --promote --single-writer --output"
                                + " work/tuesday/evaluation -- --master yarn\n");
        assertThat(outcome.out())
                .contains("$ scripts/aisle prepare --input my\\ catalog ")
                .endsWith("""

                        champion: models/tuesday
                        who corrected what: work/tuesday/prepared/corrections (Parquet), in numbers: work/tuesday/prepared/manifest.json
                        beside the champion before: work/tuesday/evaluation/gate.json
                        """);
    }

    @Test
    void aDryRunShowsTheCommandsAndWritesNothing() {
        Outcome outcome = retrain(Map.of(), SOME, "--dry-run");

        assertThat(outcome.out().lines().filter(line -> line.startsWith("$ "))).hasSize(3);
        assertThat(outcome.exitCode()).isZero();
        assertThat(folder.resolve("calls")).doesNotExist();
        assertThat(folder.resolve("work")).doesNotExist();
    }

    @Test
    void whatFailedGoesOnWhereItStopped() throws IOException {
        Outcome prepare = retrain(Map.of("FAIL_prepare", "137"), SOME);
        assertThat(prepare.exitCode()).isEqualTo(137);
        assertThat(prepare.err())
                .isEqualTo("prepare ended with exit code 137: nothing was promoted unless it says so."
                        + " The same command with --name tuesday goes on from here.\n");
        assertThat(retrain(Map.of("FAIL_train", "2"), SOME).exitCode()).isEqualTo(2);
        assertThat(retrain(Map.of("FAIL_evaluate", "3"), SOME).exitCode()).isEqualTo(3);

        Outcome last = retrain(Map.of(), SOME);

        assertThat(last.exitCode()).as(last.err()).isZero();
        assertThat(last.out())
                .contains("prepare was done by an earlier try: work/tuesday/prepared\n")
                .contains("train was done by an earlier try: models/tuesday\n");
        assertThat(jobs()).containsExactly("prepare", "prepare", "train", "train", "evaluate", "evaluate");
    }

    @Test
    void whatTheGateRefusedStaysRefusedUntilItIsAskedAgain() throws IOException {
        Outcome refused = retrain(Map.of("FAIL_evaluate", "4"), SOME);
        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused.err())
                .isEqualTo(
                        "tuesday was not promoted: the champion stays. The reason stands above; work/tuesday/evaluation/gate.json"
                                + " has the rules that were applied.\nwho corrected what: work/tuesday/prepared/corrections (Parquet), in"
                                + " numbers: work/tuesday/prepared/manifest.json\n");

        Outcome again = retrain(Map.of(), SOME);

        assertThat(again.exitCode()).isEqualTo(4);
        assertThat(again.out())
                .isEqualTo(
                        "tuesday was retrained already; it ended with exit code 4. Nothing to do: another try takes another"
                                + " --name, and --from evaluate asks the gate again.\n");
        assertThat(jobs()).containsExactly("prepare", "train", "evaluate");
        assertThat(retrain(Map.of(), SOME, "--from=evaluate").exitCode()).isZero();
        assertThat(jobs()).containsExactly("prepare", "train", "evaluate", "evaluate");
        assertThat(retrain(Map.of(), SOME).exitCode()).isZero();
    }

    @Test
    void anotherCommandOrTheWorkOfOthersUnderTheNameIsRefused() throws IOException {
        assertThat(retrain(Map.of("FAIL_train", "2"), SOME).exitCode()).isEqualTo(2);

        Outcome other = retrain(Map.of(), SOME, "--kind=linear");

        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err())
                .isEqualTo(
                        "Cannot go on with tuesday: found the work of another command in work/tuesday/.retrain, expected that of"
                                + " this one. Give another --name.\n");
        Files.createDirectories(folder.resolve("models/monday"));
        Outcome taken = retrain(Map.of(), named("monday"));
        assertThat(taken.exitCode()).isEqualTo(2);
        assertThat(taken.err())
                .isEqualTo(
                        "Cannot retrain monday: found models/monday, which no try of this name wrote, expected nothing."
                                + " Give another --name.\n");
        assertThat(jobs()).containsExactly("prepare", "train");
    }

    @Test
    void twoTriesOfOneNameAreNotAtWorkAtOnce() throws IOException {
        assertThat(retrain(Map.of("FAIL_train", "2"), SOME).exitCode()).isEqualTo(2);
        List<String> beside = new ArrayList<>(List.of(
                "bash", "-c", "cd \"$0\" && flock work/tuesday/.retrain \"$@\"", folder.toString(), script.toString()));
        beside.addAll(List.of(SOME));

        Outcome second = Script.execute(Map.of(), beside);

        assertThat(second.exitCode()).isEqualTo(4);
        assertThat(second.err())
                .isEqualTo(
                        "Cannot retrain tuesday: found another try of it at work, expected none. Wait until it has ended.\n");
        assertThat(jobs()).containsExactly("prepare", "train");
    }

    @Test
    void whatAKilledOneStartedIsGivenTheTimeToEnd() throws IOException {
        assertThat(retrain(Map.of("FAIL_train", "2"), SOME).exitCode()).isEqualTo(2);
        List<String> after = new ArrayList<>(List.of(
                "bash",
                "-c",
                "cd \"$0\" && exec 8>>work/tuesday/.retrain && flock 8 && { sleep 1 & } && exec 8>&- && \"$@\"",
                folder.toString(),
                script.toString()));
        after.addAll(List.of(SOME));

        Outcome second = Script.execute(Map.of(), after);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(jobs()).containsExactly("prepare", "train", "train", "evaluate");
    }

    private static String[] named(String name) {
        String[] words = SOME.clone();
        words[words.length - 1] = name;
        return words;
    }

    @Test
    void whereNothingCanBeSeenItSaysWhatToDo() throws IOException {
        String[] remote = {
            "--models=s3a://shop/models", "--input=x", "--corrections=y", "--work=s3a://shop/work", "--name=tuesday"
        };

        Outcome failed = retrain(Map.of("FAIL_train", "2"), remote);

        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.err())
                .isEqualTo(
                        "train ended with exit code 2: nothing was promoted unless it says so. To go on, remove what train left"
                                + " (s3a://shop/models/tuesday), and run the same command with --name tuesday --from train.\n");
        retrain(Map.of(), remote, "--from=train");
        assertThat(jobs()).containsExactly("prepare", "train", "train");
    }

    @Test
    void aNameIsTheTimeWhereNoneIsGiven() {
        String[] words = {"--models=models", "--input=x", "--corrections=y", "--work=work", "--dry-run"};

        assertThat(retrain(Map.of(), words).out())
                .containsPattern("--output work/\\d{4}-\\d\\d-\\d\\dT\\d{6}Z/prepared\n");
    }

    @Test
    void refusesACommandLineThatItCannotRead() {
        String[] nothing = {};

        assertRefused(nothing, "Cannot retrain: found no --models, expected one. See scripts/retrain --help.");
        assertRefused(
                new String[] {"--models=m", "--speed=9"},
                "Cannot retrain: found --speed, expected one of the options of scripts/retrain --help.");
        assertRefused(
                new String[] {"--models", "--input", "x"},
                "Cannot read --models: found no value, expected one. See scripts/retrain --help.");
        assertRefused(named("../up"), "Cannot name a model ../up: expected letters, digits, '.', '_' and '-', as in ");
        assertThat(retrain(Map.of(), nothing, "--help").out()).startsWith("Usage: scripts/retrain --models URI ");
    }

    private void assertRefused(String[] words, String message) {
        Outcome refused = retrain(Map.of(), words);

        assertThat(refused.err()).startsWith(message);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(folder.resolve("work")).doesNotExist();
    }
}
