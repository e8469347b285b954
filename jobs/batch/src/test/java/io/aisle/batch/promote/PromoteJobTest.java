package io.aisle.batch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.Fixtures;
import io.aisle.batch.HandMadeBundle;
import io.aisle.batch.HandMadeBundle.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs promote and rollback, over models and over published runs. */
class PromoteJobTest {
    @TempDir
    Path temporary;

    private Path models;

    @BeforeEach
    void writeThreeBundles() throws IOException {
        models = Files.createDirectories(temporary.resolve("models"));
        Variant variant =
                new Variant(HandMadeBundle.LABELS, Map.of(), Map.of("tea", HandMadeBundle.TEA), List.of(), 1, Map.of());
        HandMadeBundle.write(models.resolve("monday"), variant);
        Fixtures.copy(models.resolve("monday"), models.resolve("tuesday"));
        Fixtures.copy(models.resolve("monday"), models.resolve("wednesday"));
    }

    @Test
    void promotesByHandAndSaysSoInTheAudit() throws IOException {
        assertThat(promote("monday").out()).isEqualTo("""
                champion before: none
                champion now:    monday
                no rollback from here: it is the oldest that is kept
                """);
        assertThat(promote("tuesday").out())
                .isEqualTo("champion before: monday\nchampion now:    tuesday\na rollback would go to monday\n");

        assertThat(Files.readString(models.resolve("audit/000000000002.json")))
                .isEqualTo(Files.readString(models.resolve("CURRENT")))
                .startsWith("{\"sequence\":2,\"run_id\":\"tuesday\",\"previous\":\"monday\",\"action\":\"promote\","
                        + "\"reason\":\"by hand, without the gate\",\"at\":\"")
                .contains("\"by\":\"" + System.getProperty("user.name") + "\"")
                .endsWith("\"kept\":[\"tuesday\",\"monday\"]}\n");
    }

    @Test
    void championAlreadyIsLeftAsItIs() throws IOException {
        promote("monday");

        assertThat(promote("monday").out()).isEqualTo("monday is current already: nothing to do\n");
        assertThat(models.resolve("audit/000000000002.json")).doesNotExist();
    }

    @Test
    void whatWasRolledBackFromCanBePromotedAgain() throws IOException {
        promote("monday");
        promote("tuesday");
        rollback();

        promote("tuesday");

        assertThat(Files.readString(models.resolve("CURRENT")))
                .contains("\"run_id\":\"tuesday\"")
                .contains("\"kept\":[\"tuesday\",\"monday\"]");
    }

    @Test
    void rollbackGoesBackOneByOneAndThenRefuses() throws IOException {
        promote("monday");
        promote("tuesday");
        promote("wednesday");

        assertThat(rollback().out()).contains("champion before: wednesday\nchampion now:    tuesday\n");
        assertThat(rollback().out()).contains("champion before: tuesday\nchampion now:    monday\n");
        AisleRun third = rollback();

        assertThat(third.exitCode()).isEqualTo(2);
        assertThat(third.err())
                .isEqualTo("Cannot roll back the champion of " + models + ": found nothing before monday, expected an"
                        + " earlier version that is kept. Name one with --to: wednesday, tuesday, monday\n");
        assertThat(Files.readString(models.resolve("audit/000000000005.json")))
                .contains("\"action\":\"rollback\",\"reason\":\"by hand\"");
    }

    @Test
    void rollbackGoesToTheOneThatIsNamed() throws IOException {
        promote("monday");
        promote("tuesday");
        promote("wednesday");

        assertThat(rollback("--to=monday").out()).contains("champion before: wednesday\nchampion now:    monday\n");
    }

    @Test
    void rollbackRefusesWhatWasNeverPublished() throws IOException {
        assertThat(rollback().err())
                .isEqualTo("Cannot roll back the champion of " + models
                        + ": found nothing published, expected a version" + " to go back from. Publish one first.\n");
        assertThat(rollback("--to=monday").err())
                .isEqualTo(
                        "Cannot roll back the champion of " + models + " to monday: found no such name among what was"
                                + " published and is kept, expected something published. Publish one first.\n");
        promote("monday");

        AisleRun run = rollback("--to=tuesday");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(
                        "Cannot roll back the champion of " + models + " to tuesday: found no such name among what was"
                                + " published and is kept, expected one of monday. For one that was never published: aisle"
                                + " promote.\n");
    }

    @Test
    void refusesDamagedBundleAndMovesNothing() throws IOException {
        promote("monday");
        promote("tuesday");
        Files.writeString(models.resolve("monday/vocab.txt"), "[PAD]\n");
        String before = Files.readString(models.resolve("CURRENT"));

        for (AisleRun run : List.of(rollback(), run("promote", "--to=monday"))) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("Cannot open the model bundle " + models + "/monday: found vocab.txt with sha256 ");
        }
        assertThat(Files.readString(models.resolve("CURRENT"))).isEqualTo(before);
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        promote("monday");
        promote("tuesday");
        Fixtures.delete(models.resolve("monday"));

        assertThat(rollback().err())
                .isEqualTo(
                        "Cannot open the model bundle " + models + "/monday: found no such directory, expected a model"
                                + " bundle. Give the path of a finished bundle.\n");
        assertThat(run("promote", "--to=../models/tuesday").err())
                .isEqualTo("Cannot move to '../models/tuesday': found what is no name, expected that of a directory in"
                        + " file:" + models + ". Give the last part of its path.\n");
        assertThat(AisleRun.of("promote", "--models=" + temporary + "/nowhere", "--to=monday")
                        .err())
                .isEqualTo("Cannot move the champion of " + temporary
                        + "/nowhere: found no such directory, expected one" + " that holds bundles. Check the path.\n");
    }

    @Test
    void asksForExactlyOnePlace() {
        AisleRun none = AisleRun.of("rollback");
        AisleRun both = AisleRun.of("promote", "--models=a", "--output=b", "--to=c");

        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("promote: found neither --models nor --output, expected exactly one of them");
        assertThat(both.err()).contains("promote: found both --models and --output, expected exactly one of them");
        assertThat(AisleRun.of("promote", "--models=a").exitCode()).isEqualTo(1);
    }

    @Test
    void plansWithoutMoving() {
        assertThat(run("promote", "--to=monday", "--dry-run").out())
                .endsWith("would check that monday is whole\nwould move the champion of " + models + " to monday\n");
        assertThat(AisleRun.of("rollback", "--output=catalog", "--dry-run").out())
                .endsWith(
                        "would check that the one before is whole\nwould move the published run of catalog back to the"
                                + " one before\n");
        assertThat(models.resolve("CURRENT")).doesNotExist();
    }

    @Test
    void movesPublishedRunsLikewise() throws IOException {
        Path catalog = temporary.resolve("catalog");
        for (String night : List.of("first", "second")) {
            Files.createDirectories(catalog.resolve("runs").resolve(night));
            Files.writeString(catalog.resolve("runs/" + night + "/manifest.json"), "{\"run_id\":\"" + night + "\"}");
            AisleRun.succeeding("promote", "--output=" + catalog, "--to=" + night);
        }
        Files.createDirectories(catalog.resolve("runs/killed"));

        AisleRun back = AisleRun.succeeding("rollback", "--output=" + catalog);
        AisleRun unfinished = AisleRun.of("promote", "--output=" + catalog, "--to=killed");

        assertThat(back.out()).isEqualTo("""
                published run before: second
                published run now:    first
                no rollback from here: it is the oldest that is kept
                """);
        assertThat(Files.readString(catalog.resolve("CURRENT"))).contains("\"run_id\":\"first\"");
        assertThat(unfinished.exitCode()).isEqualTo(2);
        assertThat(unfinished.err())
                .isEqualTo("Cannot read the run file:" + catalog + "/runs/killed: found no manifest.json (it did not"
                        + " finish), expected what classify wrote. Name a finished run.\n");
    }

    @Test
    void refusesRunThatLostItsPredictions() throws IOException {
        Path catalog = temporary.resolve("catalog");
        Files.createDirectories(catalog.resolve("runs/first"));
        Files.writeString(catalog.resolve("runs/first/manifest.json"), "{\"rows\":{\"scored\":2,\"carried\":1}}");

        AisleRun absent = AisleRun.of("promote", "--output=" + catalog, "--to=first");
        Files.createDirectories(catalog.resolve("runs/first/predictions"));
        Files.writeString(catalog.resolve("runs/first/predictions/part-0.parquet"), "PAR1 and no more");
        AisleRun broken = AisleRun.of("promote", "--output=" + catalog, "--to=first");

        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.err())
                .isEqualTo("Cannot use the run file:" + catalog
                        + "/runs/first: found 0 predictions, expected the 3 of its manifest. Restore its files, or name"
                        + " another run.\n");
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.err())
                .startsWith(
                        "Cannot use the run file:" + catalog + "/runs/first: found predictions that cannot be read (");
        assertThat(catalog.resolve("CURRENT")).doesNotExist();
    }

    private AisleRun promote(String name) {
        return AisleRun.succeeding("promote", "--models=" + models, "--to=" + name);
    }

    private AisleRun rollback(String... options) {
        return run("rollback", options);
    }

    private AisleRun run(String job, String... options) {
        String[] command = new String[options.length + 2];
        command[0] = job;
        command[1] = "--models=" + models;
        System.arraycopy(options, 0, command, 2, options.length);
        return AisleRun.of(command);
    }
}
