package io.aisle.serving.file;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The shapes of files, which their answers have too. */
public enum FileFormat {
    CSV("text/csv", ".csv"),
    JSON_LINES("application/x-ndjson", ".jsonl");

    private final String mediaType;
    private final String suffix;

    FileFormat(String mediaType, String suffix) {
        this.mediaType = mediaType;
        this.suffix = suffix;
    }

    /** The format of a media type, whatever its parameters; nothing where it is another. */
    public static Optional<FileFormat> of(String contentType) {
        String bare =
                contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.mediaType.equals(bare))
                .findFirst();
    }

    public String mediaType() {
        return mediaType;
    }

    /**
     * What to call the answer to a file: its own name, as far as it is harmless in a header and on a disk.
     *
     * @param name of the file, whatever it holds
     */
    public String answerName(Optional<String> name) {
        String last = name.orElse("").replaceAll(".*[/\\\\]", "").replaceAll("\\.[A-Za-z0-9]{1,6}$", "");
        String safe = last.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        String bounded = safe.substring(0, Math.min(safe.length(), 80));
        return (bounded.isEmpty() ? "products" : bounded) + "-classified" + suffix;
    }
}
