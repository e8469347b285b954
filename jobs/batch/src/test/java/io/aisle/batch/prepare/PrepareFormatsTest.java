package io.aisle.batch.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.Split;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each format through the command line. */
class PrepareFormatsTest {
    @TempDir
    Path folder;

    private AisleRun prepare(Path input, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "prepare",
                "--input=" + input,
                "--min-class-size=1",
                "--split=1,0,0",
                "--output=" + folder.resolve("out")));
        arguments.addAll(List.of(more));
        return AisleRun.of(arguments);
    }

    private List<String> train(AisleRun run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return Prepared.read(folder.resolve("out")).labels(Split.TRAIN);
    }

    @Test
    void bestBuyWithItsTaxonomy() throws IOException {
        Path products = Files.writeString(
                folder.resolve("products.json"),
                "[{\"sku\":1,\"name\":\"Lamp\",\"category\":[{\"id\":\"h\"},{\"id\":\"l\"}]},{\"sku\":2,\"name\":\"Hose\","
                        + "\"category\":[{\"id\":\"z\"}]}]");
        Path taxonomy = Files.writeString(
                folder.resolve("categories.json"),
                "[{\"id\":\"l\",\"path\":[{\"id\":\"h\",\"name\":\"Home\"},{\"id\":\"l\",\"name\":null}]}]");

        assertThat(train(prepare(products, "--taxonomy=" + taxonomy))).containsExactly("1\tHome > l");
        Prepared prepared = Prepared.read(folder.resolve("out"));
        assertThat(prepared.manifest().quarantine()).containsEntry("unknown_category", 1L);
        assertThat(prepared.manifest().settings()).containsEntry("taxonomy", taxonomy.toString());
    }

    @Test
    void csv() throws IOException {
        Path csv = Files.writeString(
                folder.resolve("shop.csv"), "code,name,shelf\n1,\"A\nlamp\",Lamps\n2,Hose\n3,Rake,Tools\n");

        assertThat(train(prepare(csv, "--columns=id=code,title=name", "--label=shelf")))
                .containsExactly("1\tLamps", "3\tTools");
    }

    @Test
    void nestedParquet() {
        Path parquet = folder.resolve("parquet");
        TestSession.get()
                .sql("select 7 as id, named_struct('name', 'Lamp', 'shelves', array('Home', 'Lamps')) as product")
                .write()
                .parquet(parquet.toString());

        assertThat(train(prepare(parquet, "--columns=title=product.name", "--label=product.shelves")))
                .containsExactly("7\tHome > Lamps");
    }

    @Test
    void whatWasSkippedIsSaidAndWritten() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("in/a.json"), "{\"asin\":1,\"title\":\"Lamp\",\"category\":[\"Home\"]}");
        Path cut = folder.resolve("in/b.json.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(cut))) {
            out.write("{\"asin\":2,\"title\":\"Hose\",\"category\":[\"Garden\"]}\n".getBytes(UTF_8));
        }
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(whole, whole.length - 4));

        AisleRun run = prepare(folder.resolve("in"), "--set", "catalog.skip-corrupt-files=true");

        assertThat(train(run)).containsExactly("1\tHome", "2\tGarden");
        assertThat(run.out()).contains("corrupt after 1 records, the rest skipped: file:" + cut + "\n");
        assertThat(Prepared.read(folder.resolve("out")).manifest().corruptFiles())
                .containsEntry("file:" + cut, 1L);
    }

    @Test
    void namedColumnsOfPreparedDataAreAProblem() {
        AisleRun run = AisleRun.of(
                "evaluate",
                "--model=none",
                "--input=none",
                "--format=prepared",
                "--columns=title=name",
                "--label=a",
                "--output=none");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "catalog.columns: found {title=name} with format prepared, whose columns are known, expected none,"
                                + " or format parquet")
                .contains(
                        "catalog.label: found [a] with format prepared, whose columns are known, expected none, or format"
                                + " parquet");
    }
}
