package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    @TempDir
    private Path directory;

    @Test
    void writesMediansAndExtremesAndWhatWasMissed() throws IOException {
        write("now", 3, 1, 2);

        assertThat(Files.readString(directory.resolve("now/table.md")))
                .contains("| ours | rows/s | 2.00 | 1.00 – 3.00 |")
                .contains("| ours to theirs | 0.500 | 0.250 – 0.750 | 0.600 | **missed** |")
                .contains("| ours to theirs, at least a tenth | 0.500 | 0.250 – 0.750 | 0.100 | met |");
        assertThat(Files.readString(directory.resolve("now/table.json")))
                .contains("\"command\" : \"scripts/bench speed\"")
                .contains("\"median\" : 0.5");
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Rounds(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3.0);
    }

    @Test
    void saysWhichRatioIsWorseThanTheStoredOne() throws IOException {
        Path stored = write("stored", 3, 1, 2);

        assertThat(Comparison.of(stored, write("same", 1.9, 1.9, 1.9)).worse()).isEmpty();
        assertThat(Comparison.of(stored, write("slower", 1.7, 1.7, 1.7)).worse())
                .containsExactly(
                        "ours to theirs: 0.500 stored, 0.425 now, WORSE",
                        "ours to theirs, at least a tenth: 0.500 stored, 0.425 now, WORSE",
                        "ours to theirs, for information: 0.500 stored, 0.425 now, WORSE");
    }

    @Test
    void refusesToCompareWithoutStoredRatios() throws IOException {
        Path now = write("now", 1);

        assertThatThrownBy(() -> Comparison.of(directory.resolve("none.json"), now))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no such file")
                .hasMessageContaining("Run the bench without --compare first");
    }

    @Test
    void sumsUpWhatWasWantedOfAllBenches() throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("never run", directory.resolve("none.json"));
        files.put("speed", write("now", 4, 4, 4));

        assertThat(Summary.of(files))
                .contains("| speed | ours to theirs | 1.00 | 1.00 – 1.00 | 0.600 | met |")
                .doesNotContain("never run")
                .doesNotContain("ours to theirs, for information");
    }

    private Path write(String name, double... rates) throws IOException {
        Measurements measurements = new Measurements();
        List<Double> rounds = Arrays.stream(rates).boxed().toList();
        Rounds ours = measurements.quantity("ours", "rows/s", rounds);
        Rounds theirs = measurements.quantity(
                "theirs", "rows/s", rounds.stream().map(round -> 4.0).toList());
        measurements.ratio("ours to theirs", ours.to(theirs), OptionalDouble.of(0.6));
        measurements.ratio("ours to theirs, at least a tenth", ours.to(theirs), OptionalDouble.of(0.1));
        measurements.ratio("ours to theirs, for information", ours.to(theirs), OptionalDouble.empty());
        measurements.write(directory.resolve(name), "speed", "scripts/bench speed", "a machine");
        return directory.resolve(name).resolve(Measurements.JSON_FILE);
    }
}
