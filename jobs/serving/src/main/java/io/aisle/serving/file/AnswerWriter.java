package io.aisle.serving.file;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.aisle.core.model.Prediction;
import io.aisle.serving.http.Json;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the answer to a file, row by row, in the file's format. */
public abstract sealed class AnswerWriter implements Closeable {
    private AnswerWriter() {}

    /** A row of JSON lines. */
    private record Row(
            String id,
            List<String> category_path,
            Float confidence,
            String decision,
            String reason,
            String model_version,
            String error) {}

    /** Writes the head of the answer, if it has one. */
    public static AnswerWriter of(FileFormat format, OutputStream out) {
        return format == FileFormat.CSV ? new Csv(out) : new JsonLines(out);
    }

    /** The row of a record. */
    public abstract void write(FileRecord record, Optional<Prediction> prediction, String modelVersion)
            throws IOException;

    private static String decision(Prediction prediction) {
        return prediction.decision().name().toLowerCase(Locale.ROOT);
    }

    /**
     * Comma-separated values. A cell of text that a spreadsheet would take for a formula gets an apostrophe before it.
     *
     * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV injection</a>
     */
    private static final class Csv extends AnswerWriter {
        private final CsvWriter rows;

        Csv(OutputStream out) {
            rows = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out, StandardCharsets.UTF_8);
            rows.writeRecord("id", "category", "confidence", "decision", "reason", "model_version", "error");
        }

        @Override
        public void write(FileRecord record, Optional<Prediction> prediction, String modelVersion) {
            rows.writeRecord(Stream.of(
                            record.id(),
                            prediction.map(of -> of.category().toString()).orElse(""),
                            prediction
                                    .map(of -> Float.toString(of.confidence()))
                                    .orElse(""),
                            prediction.map(AnswerWriter::decision).orElse(""),
                            prediction.map(Prediction::reason).orElse(""),
                            prediction.isPresent() ? modelVersion : "",
                            record.error())
                    .map(Csv::harmless)
                    .toList());
        }

        private static String harmless(String text) {
            int first = 0;
            while (first < text.length() && isPassedOver(text.charAt(first))) {
                first++;
            }
            boolean isFormula =
                    first < text.length() && "=+-@\uFF1D\uFF0B\uFF0D\uFF20".indexOf(text.charAt(first)) >= 0;
            return isFormula || (!text.isEmpty() && "\t\r\n".indexOf(text.charAt(0)) >= 0) ? "'" + text : text;
        }

        /** What a spreadsheet may leave out before it looks what the cell is. */
        private static boolean isPassedOver(char c) {
            return Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }

    private static final class JsonLines extends AnswerWriter {
        private final OutputStream out;

        JsonLines(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(FileRecord record, Optional<Prediction> prediction, String modelVersion) throws IOException {
            out.write(Json.bytes(new Row(
                    record.id(),
                    prediction.map(of -> of.category().names()).orElse(null),
                    prediction.map(Prediction::confidence).orElse(null),
                    prediction.map(AnswerWriter::decision).orElse(null),
                    prediction.map(Prediction::reason).orElse(""),
                    prediction.isPresent() ? modelVersion : "",
                    record.error())));
            out.write('\n');
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
