package io.aisle.batch.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A sentence frame with slots, such as {@code {brand} {name} for {use}}. */
final class Template {
    /** What a slot is filled with. */
    enum Slot {
        BRAND,
        OTHER_BRAND,
        MODEL,
        /** One or two adjectives before a noun. */
        PRE,
        /** A modifier after a noun. */
        POST,
        /** What the leaf is called in full. */
        NAME,
        /** The leaf's bare noun. */
        NOUN,
        /** The bare noun of the leaf's partner. */
        PARTNER,
        TRAIT,
        SHARED,
        USE,
        COLOUR,
        NUMBER,
        LETTER,
        YEAR
    }

    private record Segment(String literal, Slot slot) {}

    private final List<Segment> segments;
    private final List<Slot> slots;

    private Template(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        this.slots = segments.stream()
                .map(Segment::slot)
                .filter(slot -> slot != null)
                .toList();
    }

    static Template parse(String frame) {
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        for (int open = frame.indexOf('{'); open >= 0; open = frame.indexOf('{', from)) {
            int close = frame.indexOf('}', open);
            if (open > from) {
                segments.add(new Segment(frame.substring(from, open), null));
            }
            segments.add(new Segment(
                    null, Slot.valueOf(frame.substring(open + 1, close).toUpperCase(Locale.ROOT))));
            from = close + 1;
        }
        if (from < frame.length()) {
            segments.add(new Segment(frame.substring(from), null));
        }
        return new Template(segments);
    }

    boolean uses(Slot slot) {
        return slots.contains(slot);
    }

    String fill(Function<Slot, String> filler) {
        StringBuilder text = new StringBuilder(96);
        for (Segment segment : segments) {
            text.append(segment.slot() == null ? segment.literal() : filler.apply(segment.slot()));
        }
        return text.toString();
    }
}
