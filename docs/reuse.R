library(jsonlite)
package <- fromJSON("data/datapackage.json", simplifyVector = FALSE)
classes <- c(string = "character", number = "numeric", integer = "integer", date = "Date")
read <- function(resource) {
  types <- sapply(resource$schema$fields, function(field) classes[[field$type]])
  read.csv(file.path("data", resource$path), colClasses = types, na.strings = "", encoding = "UTF-8")
}
tables <- lapply(package$resources, read)
names(tables) <- sapply(package$resources, function(resource) resource$name)
head(tables[["ddor-section1"]])
