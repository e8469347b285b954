package io.aisle.batch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SortableInstantTest {
    private record Written(Instant instant, String text) {}

    @Test
    void aFractionIsAfterTheWholeSecond() {
        assertThat("2026-11-26T17:00:00Z").as("as texts").isGreaterThan("2026-11-26T17:00:00.5Z");

        assertThat(sortable("2026-11-26T17:00:00Z"))
                .isLessThan(sortable("2026-11-26T17:00:00.5Z"))
                .isEqualTo("2026-11-26T17:00:00.000000000Z");
    }

    @Test
    void theOrderOfTheTextsIsThatOfTime() {
        SplittableRandom random = new SplittableRandom(11);
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            written.add(written(random));
        }
        List<Written> byText = new ArrayList<>(written);
        byText.sort(Comparator.comparing(each -> sortable(each.text())));
        written.sort(Comparator.comparing(Written::instant));

        assertThat(byText)
                .extracting(Written::instant)
                .isEqualTo(written.stream().map(Written::instant).toList());
    }

    /** An instant within two minutes, with none to nine digits of the second, at any offset. */
    private static Written written(SplittableRandom random) {
        int digits = random.nextInt(10);
        long unit = (long) Math.pow(10, 9 - digits);
        long nanos = random.nextLong(120_000_000_000L) / unit * unit;
        Instant instant = Instant.parse("2026-11-26T23:59:00Z").plusNanos(nanos);
        ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
        String pattern = "uuuu-MM-dd'T'HH:mm:ss" + (digits == 0 ? "" : "." + "S".repeat(digits)) + "XXX";
        return new Written(instant, DateTimeFormatter.ofPattern(pattern).format(instant.atOffset(offset)));
    }

    @Test
    void withoutAnOffsetItIsUtcAndADateIsItsFirstInstant() {
        assertThat(sortable("2026-11-26T17:00")).isEqualTo("2026-11-26T17:00:00.000000000Z");
        assertThat(sortable(" 2026-11-26 ")).isEqualTo("2026-11-26T00:00:00.000000000Z");
    }

    @Test
    void whatIsNoTimeIsNone() {
        for (String text : List.of(
                "",
                "yesterday",
                "7",
                "1764176400",
                "2026-13-01",
                "2026-11-26T25:00:00Z",
                "+12026-01-01",
                "-0001-01-01")) {
            assertThat(SortableInstant.of(text)).as(text).isEmpty();
        }
    }

    private static String sortable(String text) {
        return SortableInstant.of(text).orElseThrow();
    }
}
