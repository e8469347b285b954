package io.aisle.batch.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/**
 * Times of ISO 8601 as texts whose order is that of time, which is not so of the texts as they are written: "17:00:00Z" is before
 * "17:00:00.5Z", and sorts after it.
 */
final class SortableInstant {
    private static final DateTimeFormatter READ = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .optionalEnd()
            .toFormatter();

    private static final DateTimeFormatter WRITTEN =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private static final Instant YEAR_ZERO = Instant.parse("0000-01-01T00:00:00Z");
    // from here on a year has more digits
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private SortableInstant() {}

    /** The time in UTC with nine digits of the second; empty where the text is none. One without an offset is of UTC, a date its first instant. */
    static Optional<String> of(String text) {
        try {
            Instant instant =
                    instant(READ.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from));
            return instant.isBefore(YEAR_ZERO) || !instant.isBefore(YEAR_10000)
                    ? Optional.empty()
                    : Optional.of(WRITTEN.format(instant));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }

    private static Instant instant(TemporalAccessor time) {
        if (time instanceof OffsetDateTime withOffset) {
            return withOffset.toInstant();
        }
        return time instanceof LocalDateTime local
                ? local.toInstant(ZoneOffset.UTC)
                : LocalDate.from(time).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
