package io.aisle.batch.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Aisle was built for, as pom.xml has it.
 *
 * @param opens packages of java.base that Spark reaches into by reflection
 */
record BuiltFor(String spark, String scala, String hadoop, List<String> opens) {
    static final int JAVA = 17;
    private static final String FILE = "built-for.properties";
    private static final Pattern OPEN = Pattern.compile("--add-opens=java\\.base/(?<package>[\\w.]+)=ALL-UNNAMED");

    static BuiltFor read() {
        Properties properties = new Properties();
        try (InputStream in = BuiltFor.class.getResourceAsStream(FILE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuiltFor(
                properties.getProperty("spark"),
                properties.getProperty("scala"),
                properties.getProperty("hadoop"),
                Arrays.stream(properties.getProperty("opens").split(" "))
                        .map(OPEN::matcher)
                        .filter(Matcher::matches)
                        .map(open -> open.group("package"))
                        .toList());
    }
}
